import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { common, peer } from '@hyperledger/fabric-protos';
import { failureOf, submit, submitAsync, uniquePrefix } from './support/calls.js';
import {
  blockOf,
  chainInfoOf,
  channelGroup,
  dataHash,
  entriesOf,
  headerHash,
  membershipsOf,
  consentersOf,
  rootsOf,
  signersOf,
} from './support/blocks.js';
import type { NetworkUnderTest } from './support/network.js';
import { openNetwork } from './support/network.js';
import { isPlainFabric } from './support/settings.js';

let under: NetworkUnderTest;
const prefix = uniquePrefix();

beforeAll(async () => {
  under = await openNetwork();
  for (let index = 0; index < 3; index++)
    await submit(under.contract, 'put', `${prefix}${String(index)}`, 'x');
});
afterAll(async () => {
  await under?.close();
});

describe('the chain', () => {
  it('is linked by the hashes of its headers, and each header binds its envelopes', async () => {
    const info = await chainInfoOf(under);
    const last = info.getHeight() - 1;
    const first = Math.max(1, last - 10);
    let previous = headerHash(await blockOf(under, first - 1));
    for (let number = first; number <= last; number++) {
      const block = await blockOf(under, number);
      expect(Buffer.from(block.getHeader()!.getPreviousHash_asU8())).toEqual(previous);
      expect(Buffer.from(block.getHeader()!.getDataHash_asU8())).toEqual(dataHash(block));
      previous = headerHash(block);
    }
    expect(Buffer.from(info.getCurrentblockhash_asU8())).toEqual(previous);
  });

  it('is signed block by block by as many of the channel’s orderers as it takes', async () => {
    const ordering = (await channelGroup(under)).getGroupsMap().get('Orderer')!;
    const last = (await chainInfoOf(under)).getHeight() - 1;
    const signers = signersOf(await blockOf(under, last), ordering);
    // Of n SmartBFT orderers f may lie, n = 3f + 1: a block needs more than (n + f) / 2.
    const count = consentersOf(ordering).length;
    const quorum = count === 0 ? 1 : Math.floor((count + Math.floor((count - 1) / 3)) / 2) + 1;
    expect(signers.length).toBeGreaterThanOrEqual(quorum);
  });

  it('carries one validation code for each envelope', async () => {
    const last = (await chainInfoOf(under)).getHeight() - 1;
    const block = await blockOf(under, last);
    const codes = block.getMetadata()!.getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER]!;
    expect(codes).toHaveLength(block.getData()!.getDataList().length);
  });
});

describe('block 0', () => {
  it('is the channel’s configuration', async () => {
    const [entry] = entriesOf(await blockOf(under, 0));
    expect(entry!.type).toBe(common.HeaderType.CONFIG);
  });

  it('names the channel’s organisations by their roots', async () => {
    const application = (await channelGroup(under)).getGroupsMap().get('Application')!;
    const own = new X509Certificate(under.identity.credentials);
    expect(rootsOf(application).some((root) => own.checkIssued(root) && own.verify(root.publicKey))).toBe(
      true,
    );
  });

  it.skipIf(isPlainFabric)('names the roots of their TLS, and of the orderers’', async () => {
    const groups = (await channelGroup(under)).getGroupsMap();
    for (const section of ['Application', 'Orderer']) {
      for (const config of membershipsOf(groups.get(section)!)) {
        const roots = config.getTlsRootCertsList_asU8().map((root) => new X509Certificate(root));
        expect(roots.map((root) => root.ca)).toEqual([true]);
      }
    }
  });

  it('says that a majority of them must endorse', async () => {
    const application = (await channelGroup(under)).getGroupsMap().get('Application')!;
    const policy = application.getPoliciesMap().get('Endorsement')!.getPolicy()!;
    expect(policy.getType()).toBe(common.Policy.PolicyType.IMPLICIT_META);
    const rule = common.ImplicitMetaPolicy.deserializeBinary(policy.getValue_asU8());
    expect(rule.getRule()).toBe(common.ImplicitMetaPolicy.Rule.MAJORITY);
    expect(rule.getSubPolicy()).toBe('Endorsement');
  });
});

describe('qscc', () => {
  it('finds a transaction and its block by its id', async () => {
    const submitted = await submitAsync(under.contract, 'put', `${prefix}found`, 'x');
    const { blockNumber } = await submitted.getStatus();
    const id = submitted.getTransactionId();
    const qscc = under.network.getContract('qscc');
    const processed = peer.ProcessedTransaction.deserializeBinary(
      await qscc.evaluateTransaction('GetTransactionByID', under.channel, id),
    );
    expect(processed.getValidationcode()).toBe(0);
    const block = common.Block.deserializeBinary(
      await qscc.evaluateTransaction('GetBlockByTxID', under.channel, id),
    );
    expect(BigInt(block.getHeader()!.getNumber())).toBe(blockNumber);
    expect(entriesOf(block).map(({ transactionId }) => transactionId)).toContain(id);
  });

  it('finds a block by its hash', async () => {
    const hash = headerHash(await blockOf(under, 1));
    const proposal = under.network
      .getContract('qscc')
      .newProposal('GetBlockByHash', { arguments: [under.channel, hash] });
    const block = common.Block.deserializeBinary(await proposal.evaluate());
    expect(block.getHeader()!.getNumber()).toBe(1);
  });

  it('knows the newest block by the largest number', async () => {
    const newest = await blockOf(under, 2n ** 64n - 1n);
    expect(newest.getHeader()!.getNumber()).toBe((await chainInfoOf(under)).getHeight() - 1);
    expect((await blockOf(under, '01')).getHeader()!.getNumber()).toBe(1);
  });

  it.each([
    ['a block that is not there', ['GetBlockByNumber', '123456789'], 'Failed to get block number 123456789'],
    [
      'a block next to the newest',
      ['GetBlockByNumber', '18446744073709551614'],
      'no such block number [18446744073709551614] in index',
    ],
    [
      'a number that is none',
      ['GetBlockByNumber', '-1'],
      'Failed to parse block number with error strconv.ParseUint: parsing "-1": invalid syntax',
    ],
    ['a number that is too large', ['GetBlockByNumber', '18446744073709551616'], 'value out of range'],
    ['an id that is not there', ['GetTransactionByID', 'f00'], 'Failed to get transaction with id f00'],
    ['a query that is not there', ['GetNothing', 'x'], 'access denied for [GetNothing]'],
  ])('refuses %s', async (_, [name, argument], words) => {
    const qscc = under.network.getContract('qscc');
    const failure = await failureOf(qscc.evaluateTransaction(name!, under.channel, argument!));
    expect(failure.message).toContain(words);
  });

  it('refuses another channel', async () => {
    const qscc = under.network.getContract('qscc');
    const failure = await failureOf(qscc.evaluateTransaction('GetChainInfo', 'nobody-made-this'));
    expect(failure.message).toContain('Invalid chain ID, nobody-made-this');
  });
});
