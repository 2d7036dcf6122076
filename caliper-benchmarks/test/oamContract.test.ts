import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, credentials } from '@grpc/grpc-js';
import { connect, signers, type Contract, type Transaction } from '@hyperledger/fabric-gateway';
import { startEmbeddedLedger, type LedgerProcess } from '@veritrain/local';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { organizationsOf } from '../command/organizations.js';

/** The callers: each is an organisation's administrator. */
type Role = 'dataOwner' | 'modelOwner' | 'cloudOwner';
const roles: readonly Role[] = ['dataOwner', 'modelOwner', 'cloudOwner'];

/** Fabric's validation codes. */
const valid = 0;
const mvccReadConflict = 11;

const folder = mkdtempSync(join(tmpdir(), 'veritrain-oam-'));
const contracts = new Map<Role, Contract>();
let ledger: LedgerProcess;
let client: Client;
/** Transactions that were committed since the test began. */
let committed = 0;

beforeAll(async () => {
  const chaincode = new URL('../oam', import.meta.url).pathname;
  ledger = await startEmbeddedLedger({ data: folder, chaincode, organizations: 3 });
  client = new Client(ledger.gateway, credentials.createInsecure());
  for (const [at, { administrator }] of organizationsOf({ network: folder }).entries()) {
    const { mspId, certificatePem, privateKeyPem } = administrator;
    const gateway = connect({
      client,
      identity: { mspId, credentials: Buffer.from(certificatePem) },
      signer: signers.newPrivateKeySigner(createPrivateKey(privateKeyPem)),
    });
    contracts.set(roles[at]!, gateway.getNetwork(ledger.channel).getContract(ledger.chaincode));
  }
});

afterAll(async () => {
  client?.close();
  await ledger?.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  committed = 0;
});

type Asset = { readonly id: string } & Record<string, unknown>;

/** @throws Error with the contract's own text */
async function endorse(role: Role, name: string, input: object): Promise<Transaction> {
  const proposal = contracts.get(role)!.newProposal(name, { arguments: [JSON.stringify(input)] });
  try {
    return await proposal.endorse();
  } catch (error) {
    const { details } = error as { details: { message: string }[] };
    throw new Error(details.map(({ message }) => message).join('; '), { cause: error });
  }
}

/** @returns the validation code */
async function commit(transaction: Transaction): Promise<number> {
  const status = await (await transaction.submit()).getStatus();
  return status.code;
}

async function call(role: Role, name: string, input: object): Promise<Asset> {
  const transaction = await endorse(role, name, input);
  expect(await commit(transaction)).toBe(valid);
  committed += 1;
  return JSON.parse(Buffer.from(transaction.getResult()).toString()) as Asset;
}

const handIn = (tcId: string, ciId: string): object => ({
  tcId,
  ciId,
  hash: 'hash',
  nonce: 'nonce',
  location: 'location',
});

const update = (tcId: string, ciId: string): Promise<Asset> =>
  call('cloudOwner', 'UpdateTJ', handIn(tcId, ciId));

interface Offer {
  readonly dsId: string;
  /** Copies of each subset. */
  readonly ciIds: readonly (readonly string[])[];
}

/** A dataset whose copies are joined, and verified if `verify` is true. */
async function offer(subsets: number, replicas: number, verify = true): Promise<Offer> {
  const { id: doId } = await call('dataOwner', 'createDO', { name: 'hospital' });
  const { id: coId } = await call('cloudOwner', 'createCO', {});
  const { id: dsId } = await call('dataOwner', 'CreateDS', { doId });
  const ciIds: string[][] = [];
  for (let subset = 0; subset < subsets; subset += 1) {
    const { id: dssId } = await call('dataOwner', 'CreateDSS', { dsId });
    const copies: string[] = [];
    for (let replica = 0; replica < replicas; replica += 1) {
      const { id: ciId } = await call('dataOwner', 'CreateCI', { dssId, coId });
      await call('cloudOwner', 'JoinCI', { ciId, hash: 'hash', nonce: 'nonce' });
      if (verify) await call('dataOwner', 'VerifyCI', { ciId });
      copies.push(ciId);
    }
    ciIds.push(copies);
  }
  return { dsId, ciIds };
}

/** @returns the train couple's id */
async function request({ dsId }: Offer): Promise<string> {
  const { id: moId } = await call('modelOwner', 'createMO', {});
  const program = { type: 'DT', url: 'url', trainingMethod: 'method', hash: 'hash' };
  const { id: modId } = await call('modelOwner', 'CreateMod', { moId, ...program });
  return (await call('modelOwner', 'RequestTC', { dsId, modId })).id;
}

async function approved(offered: Offer): Promise<string> {
  const tcId = await request(offered);
  await call('dataOwner', 'ApproveTC', { tcId });
  return tcId;
}

describe('OAM’s flow', () => {
  it('makes a model of one data owner, one model owner and one cloud owner in fifteen calls', async () => {
    const offered = await offer(1, 1);
    const tcId = await approved(offered);
    expect(await call('modelOwner', 'StartRound', { tcId })).toMatchObject({ round: 1, rem: 1 });
    expect(await update(tcId, offered.ciIds[0]![0]!)).toMatchObject({ round: 1, location: 'location' });
    expect(await call('modelOwner', 'EndTC', { tcId })).toMatchObject({
      status: 'COMPLETED',
      rem: 0,
      paid: false,
    });
    expect(await call('modelOwner', 'PayTC', { tcId })).toMatchObject({ paid: true });
    expect(committed).toBe(15);
  });

  it('takes every other subset by turns, and waits for all of their copies', async () => {
    const offered = await offer(3, 2);
    const [first, second, third] = offered.ciIds;
    const tcId = await approved(offered);
    const one = await call('modelOwner', 'StartRound', { tcId });
    expect(one).toMatchObject({ round: 1, rem: 4 });
    await expect(update(tcId, second![0]!)).rejects.toThrow('is not in round 1');
    for (const ciId of [...first!, ...third!]) {
      await expect(call('modelOwner', 'EndTC', { tcId })).rejects.toThrow('more updates');
      await update(tcId, ciId);
      await expect(update(tcId, ciId)).rejects.toThrow('has already delivered its model of round 1');
    }
    const two = await call('modelOwner', 'StartRound', { tcId });
    expect(two).toMatchObject({ round: 2, rem: 2 });
    expect(one.curDssIds).toHaveLength(2);
    expect(two.curDssIds).toHaveLength(1);
    expect(one.curDssIds).not.toContain((two.curDssIds as string[])[0]);
    for (const ciId of second!) await update(tcId, ciId);
    expect(await call('modelOwner', 'EndTC', { tcId })).toMatchObject({ round: 2, rem: 0 });
  });

  it('lets one of two updates at once overtake the other, by the counter of the train couple', async () => {
    const offered = await offer(1, 2);
    const tcId = await approved(offered);
    await call('modelOwner', 'StartRound', { tcId });
    const copies = offered.ciIds[0]!;
    const atOnce = await Promise.all(
      copies.map((ciId) => endorse('cloudOwner', 'UpdateTJ', handIn(tcId, ciId))),
    );
    const codes = await Promise.all(atOnce.map(commit));
    expect([...codes].sort((one, other) => one - other)).toEqual([valid, mvccReadConflict]);
    await update(tcId, copies[codes.indexOf(mvccReadConflict)]!);
    expect(await call('modelOwner', 'EndTC', { tcId })).toMatchObject({ rem: 0 });
  });

  it('lets one of two subsets of a dataset overtake the other, by the dataset’s list', async () => {
    const { id: doId } = await call('dataOwner', 'createDO', {});
    const { id: dsId } = await call('dataOwner', 'CreateDS', { doId });
    const atOnce = await Promise.all([1, 2].map(() => endorse('dataOwner', 'CreateDSS', { dsId })));
    const codes = await Promise.all(atOnce.map(commit));
    expect(codes.sort((one, other) => one - other)).toEqual([valid, mvccReadConflict]);
  });
});

describe('what the contract refuses', () => {
  it('a round of a train couple that does not exist or is not approved', async () => {
    const tcId = await request(await offer(1, 1));
    await expect(call('modelOwner', 'StartRound', { tcId })).rejects.toThrow('is not approved');
    await expect(call('modelOwner', 'StartRound', { tcId: 'tc_other' })).rejects.toThrow('does not exist');
  });

  it('approval before the data owner verified every copy, and a second approval', async () => {
    const offered = await offer(1, 1, false);
    const tcId = await request(offered);
    await expect(call('dataOwner', 'ApproveTC', { tcId })).rejects.toThrow('is not verified');
    await call('dataOwner', 'VerifyCI', { ciId: offered.ciIds[0]![0] });
    await call('dataOwner', 'ApproveTC', { tcId });
    await expect(call('dataOwner', 'ApproveTC', { tcId })).rejects.toThrow('does not wait for approval');
  });

  it('calls of anybody but the member that the access control list allows', async () => {
    const offered = await offer(1, 1, false);
    const [[ciId]] = offered.ciIds as [[string]];
    await expect(call('cloudOwner', 'VerifyCI', { ciId })).rejects.toThrow('Only the data owner');
    await expect(call('dataOwner', 'JoinCI', { ciId, hash: 'h', nonce: 'n' })).rejects.toThrow(
      'Only the cloud owner',
    );
    const tcId = await request(offered);
    await expect(call('modelOwner', 'ApproveTC', { tcId })).rejects.toThrow('Only the data owner');
    await expect(call('dataOwner', 'EndTC', { tcId })).rejects.toThrow('Only the model owner');
  });

  it('payment before the end, and the end before the approval', async () => {
    const tcId = await request(await offer(1, 1));
    await expect(call('modelOwner', 'EndTC', { tcId })).rejects.toThrow('is not in training');
    await expect(call('modelOwner', 'PayTC', { tcId })).rejects.toThrow('has not ended');
  });

  it('what is not the function’s input', async () => {
    await expect(call('dataOwner', 'CreateDS', { owner: 'do_1' })).rejects.toThrow('doId');
  });
});
