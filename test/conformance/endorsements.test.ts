import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blockOf, entriesOf, organizationsOf } from './support/blocks.js';
import { evaluate, failureOf, uniquePrefix } from './support/calls.js';
import type { NetworkUnderTest } from './support/network.js';
import { openNetwork } from './support/network.js';
import { capitalised, changedTransaction } from './support/transactions.js';
import type { Prepared } from './support/transactions.js';

const ABORTED = 10;
const INVALID_ENDORSER_TRANSACTION = 5;
const ENDORSEMENT_POLICY_FAILURE = 10;
const UNAVAILABLE = 14;

let under: NetworkUnderTest;
const prefix = uniquePrefix();

beforeAll(async () => {
  under = await openNetwork();
});
afterAll(async () => {
  await under?.close();
});

describe('a transaction that was changed after its endorsement', () => {
  const cases: [string, number, (prepared: Prepared) => void][] = [
    ['none of the endorsements', ENDORSEMENT_POLICY_FAILURE, ({ action }) => action.setEndorsementsList([])],
    [
      'too few endorsements',
      ENDORSEMENT_POLICY_FAILURE,
      ({ action }) => action.setEndorsementsList(action.getEndorsementsList().slice(0, 1)),
    ],
    [
      'one endorsement twice',
      ENDORSEMENT_POLICY_FAILURE,
      ({ action }) => {
        const [first] = action.getEndorsementsList();
        action.setEndorsementsList([first!, first!]);
      },
    ],
    [
      'a broken signature of an endorser',
      ENDORSEMENT_POLICY_FAILURE,
      ({ action }) => {
        const [first] = action.getEndorsementsList();
        const signature = Buffer.from(first!.getSignature_asU8());
        signature[20] = signature[20]! ^ 1;
        first!.setSignature(signature);
      },
    ],
    [
      'another write than the endorsed one',
      ENDORSEMENT_POLICY_FAILURE,
      ({ action }) => {
        const response = capitalised(action.getProposalResponsePayload_asU8(), `${prefix}changed`);
        action.setProposalResponsePayload(response);
      },
    ],
    [
      'another proposal than the endorsed one',
      INVALID_ENDORSER_TRANSACTION,
      ({ proposed }) => {
        const payload = capitalised(proposed.getChaincodeProposalPayload_asU8(), `${prefix}changed`);
        proposed.setChaincodeProposalPayload(payload);
      },
    ],
  ];

  it.each(cases)(
    'to have %s is ordered, invalid with code %i, and writes nothing',
    async (_, code, change) => {
      const key = `${prefix}changed`;
      const endorsed = await under.contract.newProposal('put', { arguments: [key, 'x'] }).endorse();
      const changed = await changedTransaction(under, endorsed, change);
      const status = await (await changed.submit()).getStatus();
      expect(status).toMatchObject({ code, successful: false });
      expect(await evaluate(under.contract, 'get', key)).toBe('');
      expect(await evaluate(under.contract, 'get', key.toUpperCase())).toBe('');
    },
  );

  it('by nothing is valid: the change is what is refused above', async () => {
    const args = [`${prefix}unchanged`, 'x'];
    const endorsed = await under.contract.newProposal('put', { arguments: args }).endorse();
    const same = await changedTransaction(under, endorsed, () => undefined);
    expect((await (await same.submit()).getStatus()).successful).toBe(true);
  });
});

describe('endorsing organisations that the client names', () => {
  it('may be too few for the policy: the commit says so', async () => {
    const options = { arguments: [`${prefix}alone`, 'x'], endorsingOrganizations: [under.identity.mspId] };
    const endorsed = await under.contract.newProposal('put', options).endorse();
    const status = await (await endorsed.submit()).getStatus();
    expect(status).toMatchObject({ code: ENDORSEMENT_POLICY_FAILURE, successful: false });
  });

  it('may be any that suffice, each pair of three under a majority', async () => {
    const all = await organizationsOf(under);
    for (const left of all) {
      const endorsingOrganizations = all.filter((one) => one !== left);
      const options = { arguments: [`${prefix}without-${left}`, 'x'], endorsingOrganizations };
      const endorsed = await under.contract.newProposal('put', options).endorse();
      const submitted = await endorsed.submit();
      const { blockNumber, successful } = await submitted.getStatus();
      expect({ left, successful }).toEqual({ left, successful: true });
      const entry = entriesOf(await blockOf(under, blockNumber)).find(
        ({ transactionId }) => transactionId === submitted.getTransactionId(),
      );
      const signed = entry!.endorsements.map(({ mspId }) => mspId).sort();
      expect(signed).toEqual(endorsingOrganizations);
    }
  });

  it('may be one to evaluate', async () => {
    for (const mspId of await organizationsOf(under)) {
      const proposal = under.contract.newProposal('get', {
        arguments: [`${prefix}nothing`],
        endorsingOrganizations: [mspId],
      });
      expect(await proposal.evaluate()).toHaveLength(0);
    }
  });

  it('all tell why, where they refuse', async () => {
    const endorsingOrganizations = (await organizationsOf(under)).slice(0, 2);
    const options = { arguments: [`${prefix}fail`, 'no'], endorsingOrganizations };
    const failure = await failureOf(under.contract.newProposal('fail', options).endorse());
    expect(failure.code).toBe(ABORTED);
    expect(failure.message).toContain('failed to collect enough transaction endorsements');
    expect(failure.details).toEqual(['chaincode response 500, no', 'chaincode response 500, no']);
  });

  it('must be of the channel', async () => {
    const options = { arguments: [`${prefix}strange`, 'x'], endorsingOrganizations: ['StrangerMSP'] };
    const failure = await failureOf(under.contract.newProposal('put', options).endorse());
    expect(failure).toMatchObject({ kind: 'EndorseError', code: UNAVAILABLE });
    expect(failure.message).toContain('failed to find any endorsing peers for org(s): StrangerMSP');
  });
});
