import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startEmbeddedLedger, type LedgerProcess } from '@veritrain/local';
import { connectLedger, type Ledger } from '@veritrain/client-sdk/fabric';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareIdentities } from '../command/prepare.js';
import { playOamCouple } from '../workloads/oam/couple.js';
import { oamShape } from '../workloads/oam/shape.js';
import { oamSubmitBy } from '../workloads/oam/submit.js';
import {
  castOf,
  readPreparedNetwork,
  type Cast,
  type PreparedIdentity,
} from '../workloads/preparedMarket.js';

const folder = mkdtempSync(join(tmpdir(), 'veritrain-oam-story-'));
const connections = new Map<string, Ledger>();
let ledger: LedgerProcess;
let cast: Cast;
let identities: string;

beforeAll(async () => {
  const chaincode = new URL('../oam', import.meta.url).pathname;
  ledger = await startEmbeddedLedger({ data: join(folder, 'ledger'), chaincode, organizations: 3 });
  const config = await prepareIdentities({
    reference: { network: join(folder, 'ledger') },
    folder: join(folder, 'caliper'),
    workers: 1,
    replicas: 3,
    contracts: ['another'],
    onProgress: () => undefined,
  });
  const { channels } = JSON.parse(readFileSync(config, 'utf8')) as { channels: unknown };
  expect(channels).toEqual([
    { channelName: ledger.channel, contracts: [{ id: 'oam-contract' }, { id: 'another' }] },
  ]);
  identities = join(dirname(config), 'identities');
  cast = castOf(readPreparedNetwork(config), 0);
});

afterAll(async () => {
  for (const connection of connections.values()) connection.close();
  await ledger?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Connects as the member, with the certificate and key that Caliper uses. */
function connectionOf({ identity, mspId }: PreparedIdentity): Ledger {
  const known = connections.get(identity);
  if (known !== undefined) return known;
  const { gateway: address, channel, chaincode } = ledger;
  const file = (extension: string): string =>
    readFileSync(join(identities, `${identity}.${extension}`), 'utf8');
  const certified = { mspId, certificatePem: file('pem'), privateKeyPem: file('key') };
  const made = connectLedger({ address, channel, chaincode, identity: certified });
  connections.set(identity, made);
  return made;
}

/** Plays a couple. @returns the number of calls of each function */
async function play(shape: Partial<Record<'subsets' | 'replicas' | 'rounds', number>>) {
  const sent: Record<string, number> = {};
  await playOamCouple({
    cast,
    shape: oamShape.parse(shape),
    sealedLocation: 'sealed',
    submit: oamSubmitBy(async (call) => {
      if (!('contractFunction' in call)) throw new Error('OAM’s flow calls its own contract.');
      const { member, contractFunction: name, argument } = call;
      // The client sends stale transactions again.
      const { result } = await connectionOf(member).submit({ name, argument });
      sent[name] = (sent[name] ?? 0) + 1;
      return result;
    }, 'oam-contract'),
  });
  return sent;
}

it('makes a model in fifteen calls, one of each function', async () => {
  const sent = await play({});
  expect(Object.keys(sent)).toHaveLength(15);
  expect(new Set(Object.values(sent))).toEqual(new Set([1]));
});

it('trains on two subsets and on one by turns, with all cloud owners of a subset at once', async () => {
  expect(await play({ subsets: 3, replicas: 3, rounds: 3 })).toEqual({
    createDO: 1,
    createMO: 1,
    createCO: 3,
    CreateDS: 1,
    CreateDSS: 3,
    CreateCI: 9,
    JoinCI: 9,
    VerifyCI: 9,
    CreateMod: 1,
    RequestTC: 1,
    ApproveTC: 1,
    StartRound: 3,
    UpdateTJ: 6 + 3 + 6,
    EndTC: 1,
    PayTC: 1,
  });
});
