import { readFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { createPrivateKey } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { connect, hash, signers, type Gateway, type Signer } from '@hyperledger/fabric-gateway';
import type { Market } from '@veritrain/client-sdk';
import { digestOf } from '@veritrain/client-sdk/vault';
import { LedgerProcess } from '../../sdk/ledgerProcess.js';
import { quickSettings, TestMarket } from '../../sdk/testMarket.js';
import { approve, offerDataset, runRound, terms } from '../../sdk/trainingFlow.js';

/** Somebody with a certificate of the channel, and a client without the SDK between. */
export interface Caller {
  readonly mspId: string;
  readonly certificate: Buffer;
  readonly sign: Signer;
  readonly gateway: Gateway;
}

/** A market on an embedded ledger that is a process of its own: members, a dataset, couples, a round. */
export class World {
  private constructor(
    readonly market: TestMarket,
    readonly client: grpc.Client,
    readonly callers: readonly Caller[],
    /** Ids and digests that the ledger knows: what one member may try of another's. */
    readonly ids: readonly string[],
    private readonly process: LedgerProcess,
    private readonly folder: string,
  ) {}

  static async start(): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), 'veritrain-fuzz-'));
    const process = new LedgerProcess(join(folder, 'ledger'));
    const market = new TestMarket(await process.start());
    const participants = await populate(market);
    const client = new grpc.Client(market.ledger.gateway, grpc.credentials.createInsecure());
    const callers = [...market.identities.values()].map(({ mspId, certificatePem, privateKeyPem }) => {
      const certificate = Buffer.from(certificatePem);
      const sign = signers.newPrivateKeySigner(createPrivateKey(privateKeyPem));
      const identity = { mspId, credentials: certificate };
      return {
        mspId,
        certificate,
        sign,
        gateway: connect({ client, identity, signer: sign, hash: hash.sha256 }),
      };
    });
    return new World(market, client, callers, [...participants, ...known], process, folder);
  }

  /** The ledger's process and those of its contracts, with the memory that each has, in bytes. */
  processes(): Map<number, number> {
    const { processId } = this.process;
    if (processId === undefined) return new Map();
    const id = String(processId);
    const children = readFileSync(`/proc/${id}/task/${id}/children`, 'utf8').trim().split(' ');
    return new Map([processId, ...children.map(Number)].map((each) => [each, residentBytes(each)]));
  }

  async close(): Promise<void> {
    for (const { gateway } of this.callers) gateway.close();
    this.client.close();
    await this.market.close();
    await this.process.stop('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const digest = (text: string): string => digestOf(Buffer.from(text));

const known = [
  ...['ds_fuzz', 'md_fuzz', 'tc_open', 'tc_round', 'cf_fuzz', 'ci_fuzz_0_0', 'ci_fuzz_1_0', 'sub_fuzz_0'],
  ...['tj_round_1_0_0', 'tj_round_1_1_0', 'Org1MSP', 'Org2MSP', 'Org3MSP'],
  ...[digest('program'), digest('template'), digest('model 1')],
];

function residentBytes(processId: number): number {
  const status = readFileSync(`/proc/${String(processId)}/status`, 'utf8');
  return 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
}

/** @returns the ids of its participants */
async function populate(market: TestMarket): Promise<string[]> {
  await market.configure(quickSettings);
  const owner = await market.join('owner', ['dataOwner']);
  const host = await market.join('host', ['cloudOwner']);
  const modelOwner = await market.join('modelowner', ['modelOwner']);
  await offerDataset(owner, host, 'ds_fuzz');
  await modelOwner.models.register({
    modelId: 'md_fuzz',
    programDigest: digest('program'),
    architectureDigest: digest('architecture'),
    protection: 'plain',
  });
  await request(modelOwner, 'tc_open');
  await request(modelOwner, 'tc_round');
  await approve(owner, 'tc_round');
  await runRound({ owner, host, modelOwner }, 'tc_round', 1);
  return [owner, host, modelOwner].flatMap(({ participantId }) => participantId ?? []);
}

async function request(modelOwner: Market, coupleId: string): Promise<void> {
  const request = { coupleId, datasetId: 'ds_fuzz', modelId: 'md_fuzz', ...terms };
  await modelOwner.couples.request({ ...request, heKeyDigest: null, idleMs: 60_000 });
}
