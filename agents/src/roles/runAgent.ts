import { AgentsError } from '../actions/agentsError.js';
import type { Member } from '../actions/member.js';
import { requireParticipant } from '../actions/profileFile.js';
import { AgentLoop, type Duties } from '../runtime/agentLoop.js';
import { CrashPoints } from '../runtime/crashPoint.js';
import { HealthReporter } from '../runtime/health.js';
import type { Logger } from '../runtime/logger.js';
import { Steps } from '../runtime/steps.js';
import { Ticker } from '../runtime/ticker.js';
import { timedList, timedVault } from '../runtime/timedVault.js';
import { CloudOwnerDuties } from './cloudOwner.js';
import { DataOwnerDuties, type ApprovalPolicy } from './dataOwner.js';
import { drills, type Drill } from './drills.js';
import { ModelOwnerDuties } from './modelOwner.js';
import type { RoleContext } from './role.js';
import { sweepVault } from './vaultSweep.js';

export interface AgentOptions {
  approval: ApprovalPolicy;
  drill?: Drill | undefined;
  logger: Logger;
  signal: AbortSignal;
}

/**
 * Runs the agent of a member, in all of its roles, until the signal fires; then it ends within seconds, whatever hangs.
 * @throws AgentsError NOT_REGISTERED, WRONG_ARGUMENT for a drill of another role
 */
export async function runAgent(connected: Member, options: AgentOptions): Promise<void> {
  const { logger, signal, drill } = options;
  const member = inTime(connected);
  const { market, home } = member;
  const participant = await requireParticipant(member, { signal });
  const { settings } = await market.config.get({}, { signal });
  const steps = new Steps(logger, CrashPoints.fromEnvironment());
  const context: RoleContext = { member, participantId: participant.participantId, steps, logger, drill };
  const duties = participant.roles.flatMap((role) => dutiesOf(role, context, options.approval));
  checkDrill(drill, duties);
  const health = new HealthReporter(
    home.stateFolder,
    market.profile.name,
    duties.map(({ role }) => role),
    logger,
  );
  const loop = new AgentLoop({
    duties,
    changes: (until) => market.events.watch({ fromBlock: 'next', signal: until }),
    ticker: new Ticker(market, steps, settings.tickPeriodMs, performance.now()),
    steps,
    health,
    logger,
    signal,
  });
  logger.info({ participantId: participant.participantId, roles: participant.roles }, 'agent runs');
  // Nobody waits for a sweep: whatever of it is under way may be done again.
  void sweepVault(context, signal);
  await loop.run();
}

/** The same member, whose vault answers in time or not at all. */
function inTime(member: Member): Member {
  const { market } = member;
  const { vault, ownObjects } = market;
  const timed = { vault: timedVault(vault), ...(ownObjects && { ownObjects: timedList(ownObjects) }) };
  const facade = Object.create(market, Object.getOwnPropertyDescriptors(timed)) as typeof market;
  return { ...member, market: facade };
}

function dutiesOf(role: string, context: RoleContext, approval: ApprovalPolicy): Duties[] {
  if (role === 'dataOwner') return [new DataOwnerDuties(context, approval)];
  if (role === 'cloudOwner') return [new CloudOwnerDuties(context)];
  if (role === 'modelOwner') return [new ModelOwnerDuties(context)];
  return [];
}

function checkDrill(drill: Drill | undefined, duties: readonly Duties[]): void {
  if (drill === undefined || duties.some(({ role }) => role === drills[drill])) return;
  throw new AgentsError(
    'VT9001',
    `The drill ${drill} is for the role ${drills[drill]}, which this member has not.`,
    {
      facts: { drill, role: drills[drill] },
    },
  );
}
