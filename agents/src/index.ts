/** The daemons of a market's roles. */
export { runAgent } from './roles/runAgent.js';
export type { AgentOptions } from './roles/runAgent.js';
export { runAgentOfProfile } from './roles/runAgentOfProfile.js';
export type { ApprovalPolicy } from './roles/roleModule.js';
export type { Fault } from './roles/servedRoles.js';
export { agentEventSchema } from './runtime/agentEvent.js';
export type { AgentEvent, AgentObserver, AgentWait } from './runtime/agentEvent.js';
export { agentSteps } from './runtime/crashPoint.js';
export type { StepName } from './runtime/crashPoint.js';
export { createLogger } from './runtime/logger.js';
export type { LogFormat, Logger } from './runtime/logger.js';
export { describeFailure } from './runtime/failure.js';
export { underWayEnds } from './runtime/timeLimit.js';

export { readAgentStatus } from './runtime/agentStatus.js';
export type { AgentStatus } from './runtime/agentStatus.js';
export { healthFile, healthSchema } from './runtime/health.js';
export type { Health } from './runtime/health.js';
export type { Awaited } from './runtime/awaited.js';
