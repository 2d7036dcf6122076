import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { common } from '@hyperledger/fabric-protos';
import {
  evaluate,
  evaluateJson,
  failureOf,
  submit,
  submitAsync,
  text,
  uniquePrefix,
} from './support/calls.js';
import { blockOf, entriesOf, organizationsOf } from './support/blocks.js';
import type { NetworkUnderTest } from './support/network.js';
import { isBft } from './support/settings.js';
import { openNetwork } from './support/network.js';

const ABORTED = 10;
const UNKNOWN = 2;
const MVCC_READ_CONFLICT = 11;
const DUPLICATE_TXID = 9;

let under: NetworkUnderTest;
const prefix = uniquePrefix();

beforeAll(async () => {
  under = await openNetwork();
});
afterAll(async () => {
  await under?.close();
});

describe('a contract that throws', () => {
  it('fails the endorsement with its own words, and writes nothing', async () => {
    const failure = await failureOf(
      under.contract.submitTransaction('fail', `${prefix}fail`, 'PR0001 REFUSED: no'),
    );
    expect(failure).toMatchObject({ kind: 'EndorseError', code: ABORTED });
    expect(failure.message).toContain('failed to endorse transaction, see attached details for more info');
    expect(failure.details).toEqual(['chaincode response 500, PR0001 REFUSED: no']);
    expect(await evaluate(under.contract, 'get', `${prefix}fail`)).toBe('');
  });

  it('fails the evaluation with its own words', async () => {
    const failure = await failureOf(under.contract.evaluateTransaction('fail', 'x', 'PR0002 REFUSED'));
    expect(failure).toMatchObject({ kind: 'GatewayError', code: UNKNOWN });
    expect(failure.message).toContain(
      'evaluate call to endorser returned error: chaincode response 500, PR0002 REFUSED',
    );
  });

  it('is told of by the runtime when the function does not exist', async () => {
    const failure = await failureOf(under.contract.evaluateTransaction('nonsense'));
    expect(failure.message).toContain('nonsense');
  });
});

describe('endorsement by several organisations', () => {
  it.each(['clock', 'random', 'remember'])(
    'catches a contract that is not deterministic, once every other organisation was asked: %s',
    async (transaction) => {
      const others = (await organizationsOf(under)).slice(1);
      // A network that has just come up asks those whom gossip has told it of.
      await vi.waitFor(
        async () => {
          const failure = await failureOf(
            under.contract.submitTransaction(transaction, `${prefix}${transaction}`),
          );
          expect(failure).toMatchObject({ kind: 'EndorseError', code: ABORTED });
          expect(failure.details).toEqual(others.map(() => 'ProposalResponsePayloads do not match'));
        },
        { timeout: 30_000, interval: 500 },
      );
    },
  );

  it('stands in the transaction, signed by each', async () => {
    const submitted = await submitAsync(under.contract, 'put', `${prefix}signed`, 'x');
    const { blockNumber } = await submitted.getStatus();
    const block = await blockOf(under, blockNumber);
    const entry = entriesOf(block).find(
      ({ transactionId }) => transactionId === submitted.getTransactionId(),
    );
    const organizations = new Set(entry!.endorsements.map(({ mspId }) => mspId));
    expect(organizations.size).toBeGreaterThan(1);
    expect(entry!.endorsements.every(({ valid }) => valid)).toBe(true);
  });
});

describe('arguments', () => {
  it('in the transient map reach the contract and stay out of the transaction', async () => {
    const transientData = { secret: `${prefix}transient` };
    const proposal = under.contract.newProposal('transient', { arguments: ['secret'], transientData });
    const transaction = await proposal.endorse();
    expect(text(transaction.getResult())).toBe(`${prefix}transient`);
    expect(text(await proposal.evaluate())).toBe(`${prefix}transient`);
    const named = under.contract.newProposal('transient', { arguments: ['other'], transientData });
    const bytes = Buffer.from((await named.endorse()).getBytes());
    expect(bytes.includes(`${prefix}transient`)).toBe(false);
  });

  it('of a mebibyte arrive and are stored', async () => {
    await submit(under.contract, 'big', `${prefix}big`, String(1024 * 1024));
    expect(await evaluate(under.contract, 'get', `${prefix}big`)).toHaveLength(1024 * 1024);
  });
});

describe('what this network does not offer', () => {
  it.each([
    ['rich queries', 'richQuery', ['{"selector":{}}']],
    ['collections that nobody defined', 'privatePut', ['nowhere', 'key']],
    ['other chaincode', 'callOther', ['nobody-installed-this']],
  ])('is refused, not ignored: %s', async (_, transaction, args) => {
    const failure = await failureOf(under.contract.submitTransaction(transaction, ...args));
    expect(failure.kind).toBe('EndorseError');
    expect(failure.details.join()).not.toBe('');
  });

  it('includes chaincode of other names', async () => {
    const unknown = under.network.getContract('nobody-installed-this');
    expect((await failureOf(unknown.evaluateTransaction('get', 'x'))).kind).toBe('GatewayError');
    expect((await failureOf(unknown.submitTransaction('get', 'x'))).kind).toBe('EndorseError');
  });

  it('includes channels of other names', async () => {
    const unknown = under.gateway.getNetwork('nobody-made-this').getContract(under.chaincode);
    expect((await failureOf(unknown.evaluateTransaction('get', 'x'))).kind).toBe('GatewayError');
    expect((await failureOf(unknown.submitTransaction('get', 'x'))).kind).toBe('EndorseError');
  });
});

describe('an invalid transaction', () => {
  it('stays in its block with its code and changes nothing', async () => {
    const key = `${prefix}invalid`;
    const stale = await under.contract.newProposal('increment', { arguments: [key] }).endorse();
    await submit(under.contract, 'increment', key);
    const submitted = await stale.submit();
    const status = await submitted.getStatus();
    expect(status).toMatchObject({ code: MVCC_READ_CONFLICT, successful: false });
    const entry = entriesOf(await blockOf(under, status.blockNumber)).find(
      ({ transactionId }) => transactionId === submitted.getTransactionId(),
    );
    expect(entry!.code).toBe(MVCC_READ_CONFLICT);
    expect(await evaluate(under.contract, 'get', key)).toBe('1');
  });

  it('is a CommitError to who submits and waits', async () => {
    const increments = Array.from({ length: 10 }, () =>
      failureOf(under.contract.submitTransaction('increment', `${prefix}race`)).catch(() => undefined),
    );
    const failures = (await Promise.all(increments)).filter((failure) => failure !== undefined);
    for (const failure of failures.filter(({ kind }) => kind === 'CommitError')) {
      expect(failure.code).toBe(MVCC_READ_CONFLICT);
    }
  });
});

describe('a transaction id', () => {
  it('is good for one transaction: a second proposal with it is refused', async () => {
    const proposal = under.contract.newProposal('put', { arguments: [`${prefix}once`, 'x'] });
    const submitted = await (await proposal.endorse()).submit();
    expect((await submitted.getStatus()).successful).toBe(true);
    const again = under.gateway.newProposal(proposal.getBytes());
    const failure = await failureOf(again.endorse());
    expect(failure.details.join()).toContain(`duplicate transaction found [${proposal.getTransactionId()}]`);
  });

  // SmartBFT's orderers do not take it a second time.
  it.skipIf(isBft)('that is ordered twice counts once: the second is marked, the first stands', async () => {
    const transaction = await under.contract
      .newProposal('increment', { arguments: [`${prefix}twice`] })
      .endorse();
    const first = await transaction.submit();
    const status = await first.getStatus();
    const second = await transaction.submit();
    expect(await second.getStatus()).toMatchObject({ code: status.code, blockNumber: status.blockNumber });
    await submit(under.contract, 'put', `${prefix}after`, 'x');
    const events = await under.network.getBlockEvents({ startBlock: status.blockNumber + 1n });
    const codes: number[] = [];
    for await (const block of events as AsyncIterable<common.Block>) {
      const entry = entriesOf(block).find(({ transactionId }) => transactionId === first.getTransactionId());
      if (entry === undefined) continue;
      codes.push(entry.code);
      break;
    }
    events.close();
    expect(codes).toEqual([DUPLICATE_TXID]);
    expect(await evaluate(under.contract, 'get', `${prefix}twice`)).toBe('1');
  });
});

describe('many at once', () => {
  it('are all simulated, ordered and committed', async () => {
    const keys = Array.from({ length: 100 }, (_, index) => `${prefix}c${String(index).padStart(3, '0')}`);
    const submitted = await Promise.all(keys.map((key) => submitAsync(under.contract, 'put', key, key)));
    const statuses = await Promise.all(submitted.map((one) => one.getStatus()));
    expect(statuses.every(({ successful }) => successful)).toBe(true);
    expect(await evaluateJson(under.contract, 'range', `${prefix}c000`, `${prefix}c~`)).toEqual(keys);
  });
});

describe('the history of a key', () => {
  it('names its transactions and values, newest first', async () => {
    const key = `${prefix}history`;
    await submit(under.contract, 'put', key, 'one');
    await submit(under.contract, 'put', key, 'two');
    await submit(under.contract, 'remove', key);
    const past = (await evaluateJson(under.contract, 'history', key)) as {
      deleted: boolean;
      value: string;
    }[];
    expect(past.map(({ deleted, value }) => (deleted ? 'deleted' : value))).toEqual([
      'deleted',
      'two',
      'one',
    ]);
  });
});
