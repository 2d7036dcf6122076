import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peer } from '@hyperledger/fabric-protos';
import { organizationsOf } from './support/blocks.js';
import { failureOf } from './support/calls.js';
import type { NetworkUnderTest } from './support/network.js';
import { openNetwork } from './support/network.js';

const UNKNOWN = 2;

let under: NetworkUnderTest;

beforeAll(async () => {
  under = await openNetwork();
});
afterAll(async () => {
  await under?.close();
});

function question(name: string): Uint8Array {
  const message = new peer.lifecycle.QueryChaincodeDefinitionArgs();
  message.setName(name);
  return message.serializeBinary();
}

const ask = (name: string, ...args: Uint8Array[]): Promise<Uint8Array> =>
  under.network.getContract('_lifecycle').evaluateTransaction(name, ...args);

describe('_lifecycle', () => {
  it('says how the chaincode is defined, and that every organisation has agreed', async () => {
    const answer = peer.lifecycle.QueryChaincodeDefinitionResult.deserializeBinary(
      await ask('QueryChaincodeDefinition', question(under.chaincode)),
    );
    expect(answer.getSequence()).toBeGreaterThanOrEqual(1);
    expect(answer.getVersion()).not.toBe('');
    expect([answer.getEndorsementPlugin(), answer.getValidationPlugin()]).toEqual(['escc', 'vscc']);
    expect(answer.getInitRequired()).toBe(false);
    const policy = peer.ApplicationPolicy.deserializeBinary(answer.getValidationParameter_asU8());
    expect(policy.getChannelConfigPolicyReference()).toBe('/Channel/Application/Endorsement');
    const approvals = answer.getApprovalsMap().toArray();
    expect(approvals.map(([name]) => name).sort()).toEqual(await organizationsOf(under));
    expect(approvals.every(([, approved]) => approved)).toBe(true);
  });

  it.each([
    [
      'a chaincode that nobody defined',
      'QueryChaincodeDefinition',
      [question('nobody-made-this')],
      'chaincode response 404, namespace nobody-made-this is not defined',
    ],
    [
      'an operation that does not exist',
      'Nonsense',
      [question('x')],
      'chaincode response 500, Failed to authorize invocation due to failed ACL check: Unmapped policy for _lifecycle/Nonsense',
    ],
    [
      'too few arguments',
      'QueryChaincodeDefinition',
      [],
      'chaincode response 500, lifecycle scc operations require exactly two arguments but received 1',
    ],
    [
      'too many arguments',
      'QueryChaincodeDefinition',
      [question('x'), question('y')],
      'chaincode response 500, lifecycle scc operations require exactly two arguments but received 3',
    ],
    [
      'bytes that are no question',
      'QueryChaincodeDefinition',
      [new Uint8Array([0xff])],
      "chaincode response 500, failed to invoke backing implementation of 'QueryChaincodeDefinition': could not decode input arg for *lifecycle.Invocation.QueryChaincodeDefinition",
    ],
  ])('refuses %s', async (_, name, args, message) => {
    const failure = await failureOf(ask(name, ...args));
    expect(failure.code).toBe(UNKNOWN);
    expect(failure.message).toContain(message);
  });
});
