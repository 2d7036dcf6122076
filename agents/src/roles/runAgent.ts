import { isVeritrainError, type Participant, type Role } from '@veritrain/client-sdk';
import { memberError } from '@veritrain/member/errors';
import type { Member } from '@veritrain/member/profile';
import { requireParticipant } from '@veritrain/member/enrolment';
import { agentsError } from '../errors/agentsError.js';
import { AgentLoop, type Duties } from '../runtime/agentLoop.js';
import { CrashPoints } from '../runtime/crashPoint.js';
import { HealthReporter } from '../runtime/health.js';
import { silentLogger, type Logger } from '../runtime/logger.js';
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
  /** Whether it answers requests by itself, as a data owner. */
  approval: ApprovalPolicy;
  drill?: Drill | undefined;
  /** Default: none. */
  logger?: Logger | undefined;
  signal: AbortSignal;
}

/**
 * Runs the agent of a member, in all of its roles, until the signal fires or the member is closed; then it ends within
 * seconds, whatever hangs.
 *
 * @throws NOT_REGISTERED, NO_AGENT where none of its roles has one, WRONG_ARGUMENT for a drill of another role
 */
export async function runAgent(member: Member, options: AgentOptions): Promise<void> {
  const { logger = silentLogger() } = options;
  const signal = AbortSignal.any([options.signal, ...(member.closed ? [member.closed] : [])]);
  try {
    await run(inTime(member), { ...options, logger, signal });
  } catch (error) {
    // Told to stop before it had begun.
    if (!signal.aborted || !isVeritrainError(error, 'ABORTED')) throw error;
  }
}

async function run(member: Member, options: AgentOptions & { readonly logger: Logger }): Promise<void> {
  const { logger, signal, drill } = options;
  const { market, home } = member;
  const participant = await requireParticipant(member, { signal });
  const { settings } = await market.config.get({}, { signal });
  const steps = new Steps(logger, CrashPoints.fromEnvironment());
  const context: RoleContext = { member, participantId: participant.participantId, steps, logger, drill };
  const duties = dutiesOf(participant, context, options.approval);
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
  return { home: member.home, market: facade, closed: member.closed, close: () => member.close() };
}

/** Of every role of the participant that an agent serves. */
function dutiesOf({ roles }: Participant, context: RoleContext, approval: ApprovalPolicy): Duties[] {
  const served: Partial<Record<Role, () => Duties>> = {
    dataOwner: () => new DataOwnerDuties(context, approval),
    cloudOwner: () => new CloudOwnerDuties(context),
    modelOwner: () => new ModelOwnerDuties(context),
  };
  const unserved = roles.filter((role) => served[role] === undefined);
  if (unserved.length === roles.length)
    throw agentsError('VT9212', `No agent serves the role ${roles.join(', ')}.`, {
      facts: { roles: roles.join(' ') },
    });
  if (unserved.length > 0) context.logger.warn({ code: 'VT9212', roles: unserved }, 'no agent serves these');
  return roles.flatMap((role) => served[role]?.() ?? []);
}

function checkDrill(drill: Drill | undefined, duties: readonly Duties[]): void {
  if (drill === undefined || duties.some(({ role }) => role === drills[drill])) return;
  throw memberError(
    'VT9001',
    `The drill ${drill} is for the role ${drills[drill]}, which this member has not.`,
    {
      facts: { drill, role: drills[drill] },
    },
  );
}
