import { participantIdOf } from '../selfCertifiedId.js';

const keys = {
  signingKey: {
    kty: 'EC',
    crv: 'P-256',
    x: 'Gs-jnZ4V7LHqx5xn2BdQVbeO6X_7F0KBQbrRNhS2jYQ',
    y: 'ImlD5PvLcwHNuvBjv5mOk0U4tOgQhi4QlsGm5mPNq1Y',
  },
  encryptionKey: {
    kty: 'EC',
    crv: 'P-256',
    x: 'h8Y0ndWa7YmjHvZZNT3nMTDzCAkLtERK9xdtHybMRTY',
    y: 'VRTMHyQG376hlmOJPWrf8twipgJrY6ecczPck1msZVU',
  },
} as const;

/** Values that the examples of the reference share. */
export const example = {
  dataOwner: 'pt_c6dn2vq7hzk4xyrw3m5tajeu2s',
  host: participantIdOf(keys),
  modelOwner: 'pt_p3gqe7lsv2ohz5wk4tnyd6bxfa',
  ...keys,
  dataset: 'ds_diabetes',
  model: 'md_ridge',
  couple: 'tc_ridge1',
  proposal: 'cf_slower',
  instance: 'ci_diabetes_0_2',
  nonce: '5d'.repeat(32),
  handle: 'Zq3vT0mW9yBf7Lr2Kd8xNs',
  signature: 'A'.repeat(86),
  jwe: 'eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTI1NkdDTSJ9..Jx0aB2Zc3dE4fG5h.c2VhbGVk.mN0pQrStUvWxYz0123456A',
} as const;

export const exampleDigest = (pair: string): string => `sha256:${pair.repeat(32)}`;

const hour = 3_600_000;
export const exampleSettings = {
  votingOrganizations: ['Org1MSP', 'Org2MSP', 'Org3MSP'],
  tickPeriodMs: 60_000,
  windowMs: 30_000,
  leastDeadlineMs: 20 * 60_000,
  mostDeadlineMs: 7 * 24 * hour,
  leastReplicas: 3,
  rolesFromAttributes: true,
  companyTagRequired: false,
};

export const exampleDeadlines = {
  verifyMs: 24 * hour,
  noticeMs: 24 * hour,
  answerMs: 24 * hour,
  startMs: hour,
  commitMs: 2 * hour,
  uploadMs: 3 * hour,
  closeMs: 4 * hour,
  revealMs: 5 * hour,
  attestMs: 6 * hour,
};
