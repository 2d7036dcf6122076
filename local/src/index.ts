/** A market on one machine, for development, tests and demonstrations: the embedded ledger with the contract, and MinIO. */
export { startMarket } from './startMarket.js';
export type { LocalMarket, StartMarketInput } from './startMarket.js';
export { marketChaincode, startEmbeddedLedger } from './wiring.js';
export type { LedgerProcess } from './wiring.js';
export type { LedgerProcessOptions, LedgerReady } from './ledgerProcess.js';
export { findMinio, haveMinio, minioInstallCommand } from './minioProgram.js';
export { startMinio } from './minioProcess.js';
export type { MinioOptions, MinioProcess } from './minioProcess.js';
export { endWithThisProcess } from './endWithThisProcess.js';
