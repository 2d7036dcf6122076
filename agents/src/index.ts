/** The daemons of a market's roles. @module */
export { runAgent } from './roles/runAgent.js';
export type { AgentOptions } from './roles/runAgent.js';
export { runAgentOfProfile } from './roles/runAgentOfProfile.js';
export type { LoggedAgentOptions } from './roles/runAgentOfProfile.js';
export type { ApprovalPolicy } from './roles/role.js';
export type { Fault } from './roles/servedRoles.js';
export { agentEventSchema } from './runtime/agentEvent.js';
export type { AgentEvent, AgentObserver, AgentWait, Awaited } from './runtime/agentEvent.js';
export { agentSteps } from './runtime/steps.js';
export type { StepName } from './runtime/steps.js';
export { createLogger } from './runtime/logger.js';
export type { LogFormat, Logger } from './runtime/logger.js';
export { describeFailure } from './runtime/failure.js';
export type { Failure } from './runtime/failure.js';
export { underWayEnds } from './runtime/timeLimit.js';
export { healthFile, healthSchema, readAgentStatus } from './runtime/health.js';
export type { AgentStatus, Health } from './runtime/health.js';
