import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { common } from '@hyperledger/fabric-protos';
import type { Transaction } from '@hyperledger/fabric-gateway';
import { failureOf, uniquePrefix } from './support/calls.js';
import type { NetworkUnderTest } from './support/network.js';
import { isBft, isFabric2 } from './support/settings.js';
import { openNetwork } from './support/network.js';
import { changedProposal, commitQuestion } from './support/proposals.js';
import type { Changes } from './support/proposals.js';
import { call, changeChannelHeader, submitChanged, submitPayload } from './support/requests.js';
import type { Method } from './support/requests.js';

const UNKNOWN = 2;
const INVALID_ARGUMENT = 3;
const FAILED_PRECONDITION = 9;
const ABORTED = 10;
const UNAVAILABLE = 14;
const BAD_COMMON_HEADER = 3;

const STRANGE_CHANNEL = 'nobody-made-this';
const STRANGE_CHAINCODE = 'nobody-installed-this';

let under: NetworkUnderTest;
const prefix = uniquePrefix();

beforeAll(async () => {
  under = await openNetwork();
});
afterAll(async () => {
  await under?.close();
});

async function endorsed(): Promise<Transaction> {
  return under.contract.newProposal('put', { arguments: [`${prefix}never`, 'x'] }).endorse();
}

describe('a request without content', () => {
  it.each<[Method, string]>([
    ['Evaluate', 'failed to unpack transaction proposal: a signed proposal is required'],
    ['Endorse', 'the proposed transaction must contain a signed proposal'],
    ['Submit', 'a prepared transaction is required'],
    ['CommitStatus', 'a commit status request is required'],
  ])('is refused: %s', async (method, message) => {
    const failure = await call(under, method, new Uint8Array());
    expect(failure).toMatchObject({ code: INVALID_ARGUMENT, message });
  });
});

describe('chaincode that no peer runs', () => {
  it('cannot be evaluated', async () => {
    const proposal = under.network.getContract(STRANGE_CHAINCODE).newProposal('get');
    const failure = await failureOf(proposal.evaluate());
    const text = `no peers available to evaluate chaincode ${STRANGE_CHAINCODE} in channel ${under.channel}`;
    expect(failure.code).toBe(FAILED_PRECONDITION);
    expect(failure.message).toContain(text);
  });

  it('cannot be endorsed', async () => {
    const contract = under.network.getContract(STRANGE_CHAINCODE);
    const failure = await failureOf(contract.newProposal('get').endorse());
    const text = `No metadata was found for chaincode ${STRANGE_CHAINCODE} in channel ${under.channel}`;
    expect(failure.code).toBe(FAILED_PRECONDITION);
    expect(failure.message).toContain(text);
    const endorsingOrganizations = [under.identity.mspId];
    const named = await failureOf(contract.newProposal('get', { endorsingOrganizations }).endorse());
    expect(named.code).toBe(UNAVAILABLE);
    expect(named.message).toContain(`failed to find any endorsing peers for org(s): ${under.identity.mspId}`);
  });
});

describe('a channel that is not there', () => {
  const unknown = `failed to get config for channel [${STRANGE_CHANNEL}]`;

  it('has nothing to evaluate or endorse', async () => {
    const contract = under.gateway.getNetwork(STRANGE_CHANNEL).getContract(under.chaincode);
    const evaluated = await failureOf(contract.newProposal('get').evaluate());
    expect(evaluated.code).toBe(UNAVAILABLE);
    expect(evaluated.message).toContain(unknown);
    const failure = await failureOf(contract.newProposal('get').endorse());
    const text = `No metadata was found for chaincode ${under.chaincode} in channel ${STRANGE_CHANNEL}`;
    expect(failure.code).toBe(FAILED_PRECONDITION);
    expect(failure.message).toContain(text);
  });

  it('takes no transaction, whatever the transaction itself says', async () => {
    const failure = await submitChanged(under, await endorsed(), STRANGE_CHANNEL);
    expect(failure?.code).toBe(FAILED_PRECONDITION);
    expect(failure?.message).toContain(unknown);
  });
});

describe('a proposal', () => {
  const qscc = 'Rejecting invoke of QSCC from another chaincode because of potential for deadlocks';
  const noSuch = `make sure the chaincode ${STRANGE_CHAINCODE} has been successfully defined on channel`;
  const cases: [string, Changes, number, string][] = [
    [
      'whose header names no chaincode',
      { headerChaincode: undefined },
      FAILED_PRECONDITION,
      'ChaincodeHeaderExtension.ChaincodeId is nil',
    ],
    [
      'whose header names chaincode by nothing',
      { headerChaincode: '' },
      FAILED_PRECONDITION,
      'ChaincodeHeaderExtension.ChaincodeId.Name is empty',
    ],
    ['whose header names unknown chaincode', { headerChaincode: STRANGE_CHAINCODE }, ABORTED, noSuch],
    ['that slips into the system chaincode', { headerChaincode: 'qscc' }, UNKNOWN, qscc],
    [
      'without input',
      { withoutInput: true },
      FAILED_PRECONDITION,
      'chaincode input did not contain any input',
    ],
    [
      'that initialises what wants no initialisation',
      { isInit: true },
      ABORTED,
      'does not require initialization but called as init',
    ],
    [
      'that is no transaction',
      { type: common.HeaderType.MESSAGE },
      FAILED_PRECONDITION,
      'error validating proposal: invalid header type MESSAGE',
    ],
  ];

  it.each(cases)('%s is refused', async (_, changes, code, words) => {
    const evaluated = await failureOf((await changedProposal(under, changes)).evaluate());
    expect(evaluated.code).toBe(code);
    expect([evaluated.message, ...evaluated.details].join()).toContain(words);
    const failure = await failureOf((await changedProposal(under, changes)).endorse());
    expect(failure).toMatchObject({ kind: 'EndorseError', code: ABORTED });
    expect(failure.details.join()).toContain(words);
  });

  it('is run by the chaincode in its header, once peers are found by the one in its input', async () => {
    const proposal = await changedProposal(under, { inputChaincode: 'qscc' });
    expect(await proposal.evaluate()).toHaveLength(0);
    const unknown = await changedProposal(under, { inputChaincode: STRANGE_CHAINCODE });
    expect((await failureOf(unknown.evaluate())).code).toBe(FAILED_PRECONDITION);
    expect((await failureOf(unknown.endorse())).code).toBe(FAILED_PRECONDITION);
  });
});

describe('an orderer', () => {
  /** Of one orderer. Of several that must agree the gateway says only that too few did. */
  const refusal = (info: string): { code: number; message: unknown } =>
    isBft
      ? { code: UNAVAILABLE, message: expect.stringContaining('insufficient number of orderers') }
      : {
          code: ABORTED,
          message: expect.stringContaining(
            `received unsuccessful response from orderer: status=BAD_REQUEST, info=${info}`,
          ),
        };

  it('refuses a transaction of another channel than the request’s', async () => {
    const failure = await submitChanged(under, await endorsed(), under.channel, (payload) => {
      changeChannelHeader(payload, (header) => header.setChannelId(STRANGE_CHANNEL));
    });
    // Fabric 2 would have made a channel of it once, through a channel of the orderers.
    const reason = isFabric2
      ? 'channel creation request not allowed because the orderer system channel is not defined'
      : 'channel does not exist';
    expect(failure).toMatchObject(refusal(reason));
  });

  it('refuses what has no header, or is no message', async () => {
    const bare = await submitChanged(under, await endorsed(), under.channel, (payload) =>
      payload.clearHeader(),
    );
    const where = 'could not determine channel ID';
    expect(bare).toMatchObject(refusal(`${where}: header not set`));
    const nothing = await submitPayload(under, Buffer.of(0xff), under.channel);
    expect(nothing).toMatchObject(refusal(`${where}: error unmarshalling Payload`));
  });

  it('refuses a configuration that no update led to', async () => {
    const failure = await submitChanged(under, await endorsed(), under.channel, (payload) => {
      changeChannelHeader(payload, (header) => header.setType(common.HeaderType.CONFIG));
    });
    expect(failure).toMatchObject(refusal('message is of type that cannot be processed directly'));
  });

  // SmartBFT's orderers take them too, and had put none into a block after a minute.
  it.skipIf(isBft).each<[string, (header: common.ChannelHeader) => void]>([
    ['is no transaction', (header) => header.setType(common.HeaderType.MESSAGE)],
    ['is of another epoch', (header) => header.setEpoch(1)],
  ])('takes what %s; the peers mark it', async (_, change) => {
    const transaction = await endorsed();
    const accepted = await submitChanged(under, transaction, under.channel, (payload) => {
      changeChannelHeader(payload, change);
    });
    expect(accepted).toBeUndefined();
    const status = await (await commitQuestion(under, transaction.getTransactionId())).getStatus();
    expect(status).toMatchObject({ code: BAD_COMMON_HEADER, successful: false });
  });
});
