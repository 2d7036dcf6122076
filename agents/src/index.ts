/** The daemons of a market's roles, and the services of a market on one machine. */
export { startMarket } from './startMarket.js';
export type { LocalMarket, StartMarketInput } from './startMarket.js';
export { startEmbeddedLedger } from './wiring.js';
export type { LedgerProcess } from './wiring.js';
export type { LedgerProcessOptions, LedgerReady } from './runtime/ledgerProcess.js';

export { findMinio, haveMinio, minioInstallCommand } from './runtime/minioProgram.js';
export { endWithThisProcess } from './runtime/endWithThisProcess.js';
export { startMinio } from './runtime/minioProcess.js';
export type { MinioOptions, MinioProcess } from './runtime/minioProcess.js';

export { runAgent } from './roles/runAgent.js';
export type { AgentOptions } from './roles/runAgent.js';
export type { ApprovalPolicy } from './roles/dataOwner.js';
export { drills } from './roles/drills.js';
export type { Drill } from './roles/drills.js';
export { agentSteps } from './runtime/crashPoint.js';
export type { StepName } from './runtime/crashPoint.js';
export { createLogger } from './runtime/logger.js';
export type { LogFormat, Logger } from './runtime/logger.js';
export { healthFile, healthSchema } from './runtime/health.js';
export type { Health, HealthWait } from './runtime/health.js';
export { roundResultFile } from './roles/coupleProgress.js';
export type { RoundResult } from './roles/coupleProgress.js';

export { agentsErrors } from './errors/errorTable.js';
export type { AgentsErrorCode } from './errors/errorTable.js';

export { envelopeSchema, itemLineSchema } from './cli/envelope.js';
export type { Envelope, ItemLine } from './cli/envelope.js';
export { exitStatus } from './cli/exitStatus.js';
export type { ExitStatus } from './cli/exitStatus.js';
