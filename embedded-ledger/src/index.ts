export { startLedger } from './ledger.js';
export type { Ledger } from './ledger.js';
export { LedgerError } from './errors.js';
export type { LedgerErrorCode, LedgerErrorFacts } from './errors.js';
export type { EndorsementRule, LedgerOptions } from './options.js';
export type { Log } from './log.js';
