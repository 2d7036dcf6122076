/** A market on one machine, for development, tests and demonstrations: the embedded ledger with the contract, and MinIO. */
export { startMarket } from './startMarket.js';
export type { LocalMarket, StartMarketInput } from './startMarket.js';
export { marketChaincode, startEmbeddedLedger } from './wiring.js';
export type { LedgerProcess, LedgerProcessOptions, LedgerReady } from './ledgerProcess.js';
export { findMinio, haveMinio, minioInstallCommand, startMinio } from './minio.js';
export type { MinioOptions, MinioProcess } from './minio.js';
export { startProgram } from './program.js';
export type { ProgramOptions, RunningProgram } from './program.js';
export { startService } from './service.js';
export type { ServiceOptions } from './service.js';
