import type { CommittedChange, LedgerPlace, Market } from '@veritrain/client-sdk';
import type { Member } from '../actions/member.js';
import type { Logger } from '../runtime/logger.js';
import type { Steps } from '../runtime/steps.js';
import type { Drill } from './drills.js';

/** What every role works with. */
export interface RoleContext {
  readonly member: Member;
  readonly participantId: string;
  readonly steps: Steps;
  readonly logger: Logger;
  /** Misbehaves on purpose, so that an operator can see it caught. */
  readonly drill: Drill | undefined;
}

export const placeOf = ({ member }: RoleContext): LedgerPlace => member.market.place;
export const marketOf = ({ member }: RoleContext): Market => member.market;

/** The couple that a change is about. */
export const coupleOf = (change: CommittedChange): string | undefined =>
  'coupleId' in change ? change.coupleId : undefined;
