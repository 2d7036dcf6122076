import type { Controller } from '../runtime/agentLoop.js';
import type { RoleContext } from './role.js';
import type { FaultOf, ServedRole } from './servedRoles.js';

/** Whether an agent answers requests for training by itself, or leaves them to its operator. */
export type ApprovalPolicy = 'auto' | 'manual';

export type CreateController = (context: RoleContext, approval: ApprovalPolicy) => Controller;

/** What an agent needs to know of a role. */
export interface RoleModule<R extends ServedRole> {
  readonly create: CreateController;
  /** Loads what commits a fault of this role: an honest agent never loads it. */
  readonly createFaulty: (fault: FaultOf<R>) => Promise<CreateController>;
}
