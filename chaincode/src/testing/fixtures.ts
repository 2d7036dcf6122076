import { createHash } from 'node:crypto';
import {
  commonErrors,
  transactions,
  type Aggregation,
  type ErrorName,
  type MarketSettings,
  type TransactionName,
} from '../domain/index.js';
import type { Refused } from './memoryLedger.js';

export const hashOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
export const nonceOf = (text: string): string => hashOf(text).slice('sha256:'.length);
export const sealed = 'eyJhbGciOiJFQ0RILUVTIn0..AAAA.BBBB.CCCC';
export const handle = (text: string): string => hashOf(text).slice(7, 39);

export const period = 500;
export const settings: MarketSettings = {
  votingOrganizations: ['Org1MSP', 'Org2MSP', 'Org3MSP'],
  tickPeriodMs: period,
  windowMs: 250,
  leastDeadlineMs: 10_000,
  mostDeadlineMs: 100_000,
  leastReplicas: 1,
  rolesFromAttributes: false,
  companyTagRequired: false,
};

export const deadlines = {
  verifyMs: 10_000,
  noticeMs: 10_000,
  answerMs: 10_000,
  startMs: 10_000,
  commitMs: 10_000,
  uploadMs: 20_000,
  closeMs: 30_000,
  revealMs: 40_000,
  attestMs: 50_000,
};

/** The name of the refusal, which the transaction's specification must list. */
export function declared(name: TransactionName, { refusal, reported }: Refused): ErrorName {
  const known: readonly ErrorName[] = [...commonErrors, ...transactions[name].errors];
  if (refusal === null || !known.includes(refusal)) throw new Error(`${name} does not list: ${reported}`);
  return refusal;
}

export interface Shape {
  readonly subsets?: number;
  readonly replicas?: number;
  readonly aggregation?: Aggregation;
  readonly lifetimeRounds?: number;
  readonly settings?: Partial<MarketSettings>;
}

export interface CoupleShape {
  readonly rounds?: number;
  readonly spareAttempts?: number;
  readonly subsetsPerRound?: number;
  readonly coupleId?: string;
}
