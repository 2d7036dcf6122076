import { createPrivateKey } from 'node:crypto';
import { Client, credentials } from '@grpc/grpc-js';
import { connect, signers } from '@hyperledger/fabric-gateway';
import { common, ledger as ledgerProtos, peer } from '@hyperledger/fabric-protos';
import type { Market } from '@veritrain/client-sdk';
import { marketEventSchema, recordSchemas } from '@veritrain/client-sdk/schemas';
import { digestOf } from '@veritrain/client-sdk/vault';
import type { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestMarket, quickSettings } from './testMarket.js';
import { approve, offerDataset, runRound, terms } from './trainingFlow.js';

const digest = (text: string): string => digestOf(Buffer.from(text));

interface Written {
  /** The first part of the composite key. */
  readonly kind: string;
  readonly value: unknown;
}

interface AuditedBlock {
  readonly writes: Written[];
  readonly events: unknown[];
}

const json = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString('utf8'));

/** What the transactions of a block wrote under the chaincode's name, and their events. */
function audit(block: common.Block, chaincode: string): AuditedBlock {
  const actions = (block.getData()?.getDataList_asU8() ?? []).flatMap((bytes) => {
    const payload = common.Payload.deserializeBinary(
      common.Envelope.deserializeBinary(bytes).getPayload_asU8(),
    );
    const header = common.ChannelHeader.deserializeBinary(payload.getHeader()!.getChannelHeader_asU8());
    if (header.getType() !== common.HeaderType.ENDORSER_TRANSACTION) return [];
    return peer.Transaction.deserializeBinary(payload.getData_asU8())
      .getActionsList()
      .map((action) => {
        const of = peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8());
        const answer = of.getAction()!.getProposalResponsePayload_asU8();
        const extension = peer.ProposalResponsePayload.deserializeBinary(answer).getExtension_asU8();
        return peer.ChaincodeAction.deserializeBinary(extension);
      });
  });
  return {
    writes: actions.flatMap((action) => writesOf(action, chaincode)),
    events: actions.flatMap((action) => {
      const event = peer.ChaincodeEvent.deserializeBinary(action.getEvents_asU8());
      return event.getEventName() === 'veritrain.changes' ? [json(event.getPayload_asU8())] : [];
    }),
  };
}

function writesOf(action: peer.ChaincodeAction, chaincode: string): Written[] {
  const { rwset } = ledgerProtos;
  return rwset.TxReadWriteSet.deserializeBinary(action.getResults_asU8())
    .getNsRwsetList()
    .filter((set) => set.getNamespace() === chaincode)
    .flatMap((set) => rwset.kvrwset.KVRWSet.deserializeBinary(set.getRwset_asU8()).getWritesList())
    .filter((write) => !write.getIsDelete())
    .map((write) => ({ kind: write.getKey().split('\u0000')[1] ?? '', value: json(write.getValue_asU8()) }));
}

describe('an auditor who reads blocks', () => {
  let test: TestMarket;
  const blocks: AuditedBlock[] = [];

  beforeAll(async () => {
    test = await TestMarket.start();
    await test.configure(quickSettings);
    const members = {
      owner: await test.join('owner', ['dataOwner']),
      host: await test.join('host', ['cloudOwner']),
      modelOwner: await test.join('modelowner', ['modelOwner']),
    };
    await train(members);
    const { mspId, certificatePem, privateKeyPem } = test.identities.get('host')!;
    const client = new Client(test.ledger.gateway, credentials.createInsecure());
    const gateway = connect({
      client,
      identity: { mspId, credentials: Buffer.from(certificatePem) },
      signer: signers.newPrivateKeySigner(createPrivateKey(privateKeyPem)),
    });
    const height = Number(await members.host.height());
    const stream = await gateway.getNetwork(test.ledger.channel).getBlockEvents({ startBlock: 0n });
    for await (const block of stream) {
      blocks.push(audit(block, test.ledger.chaincode));
      if (blocks.length === height) break;
    }
    gateway.close();
    client.close();
  });
  afterAll(() => test?.close());

  it('finds the record of each kind to follow its schema', () => {
    const schemas = new Map<string, z.ZodType>(Object.entries(recordSchemas));
    const written = blocks.flatMap(({ writes }) => writes).filter(({ kind }) => schemas.has(kind));
    for (const { kind, value } of written)
      expect(schemas.get(kind)?.safeParse(value).error, kind).toBeUndefined();
    const kinds = [
      'config',
      'participant',
      'dataset',
      'subset',
      'instance',
      'model',
      'couple',
      'round',
      'job',
    ];
    for (const kind of [...kinds, 'settlement', 'tick', 'anchor'])
      expect(written.map((each) => each.kind)).toContain(kind);
    const couple = written.find(({ kind }) => kind === 'couple')?.value as object;
    expect(recordSchemas.couple.safeParse({ ...couple, price: 1 }).success).toBe(false);
  });

  it('finds every event to follow its schema', () => {
    const events = blocks.flatMap((block) => block.events);
    expect(events.length).toBeGreaterThan(10);
    const types = events.flatMap((event) => marketEventSchema.parse(event).changes.map(({ type }) => type));
    expect(types).toContain('SubsetSettled');
  });
});

async function train(members: { owner: Market; host: Market; modelOwner: Market }): Promise<void> {
  const { owner, host, modelOwner } = members;
  await offerDataset(owner, host, 'ds_audited');
  await modelOwner.models.register({
    modelId: 'md_audited',
    programDigest: digest('program'),
    architectureDigest: digest('architecture'),
    protection: 'plain',
  });
  const { coupleId } = await modelOwner.couples.request({
    datasetId: 'ds_audited',
    modelId: 'md_audited',
    ...terms,
    heKeyDigest: null,
    idleMs: 60_000,
  });
  await approve(owner, coupleId);
  await runRound(members, coupleId, 1);
  await host.clock.tick();
}
