import type { MarketConfig } from '@veritrain/client-sdk';
import type { ChannelConfig } from '@veritrain/client-sdk/fabric';
import { expect, it } from 'vitest';
import { checkVoters } from './checkLedger.js';

const voting = (...votingOrganizations: string[]): MarketConfig => ({
  version: 1,
  channel: 'market',
  chaincode: 'veritrain',
  settings: {
    votingOrganizations,
    tickPeriodMs: 500,
    windowMs: 250,
    leastDeadlineMs: 10_000,
    mostDeadlineMs: 86_400_000,
    leastReplicas: 1,
    rolesFromAttributes: false,
    companyTagRequired: false,
  },
  development: votingOrganizations.length < 3,
  transactionId: 't',
});

const channelOf = (...mspIds: string[]): ChannelConfig => ({
  organizations: mspIds.map((mspId) => ({ mspId, anchorPeers: [], rootCertificatesPem: [] })),
  ordering: { type: 'etcdraft', addresses: [], orderers: [] } as unknown as ChannelConfig['ordering'],
});

it('attack 49: says who of the channel does not vote, and finds a voter that the channel does not have', () => {
  const channel = channelOf('Org1MSP', 'Org2MSP');
  expect(checkVoters(voting('Org1MSP', 'Org2MSP'), channel)).toBe(
    'Org1MSP, Org2MSP vote, as the channel has them',
  );
  expect(checkVoters(voting('Org1MSP'), channel)).toBe(
    'Org1MSP votes; of the channel’s organisations Org2MSP may not',
  );
  expect(checkVoters(voting('Org1MSP', 'Org2MSP', 'NobodyMSP'), channel)).toMatchObject({
    found: 'Org1MSP, Org2MSP, NobodyMSP vote; NobodyMSP is no organisation of the channel',
  });
});
