import { isVeritrainError, type Participant, type Role } from '@veritrain/client-sdk';
import { requireParticipant } from '@veritrain/member/enrolment';
import { memberError } from '@veritrain/member/errors';
import type { Member } from '@veritrain/member/profile';
import { agentsError } from '../errors/agentsError.js';
import { AgentEvents, type AgentObserver } from '../runtime/agentEvent.js';
import { AgentLoop } from '../runtime/agentLoop.js';
import { CrashPoints } from '../runtime/crashPoint.js';
import { describeFailure } from '../runtime/failure.js';
import { HealthReporter } from '../runtime/health.js';
import { logEvents, type Logger, silentLogger } from '../runtime/logger.js';
import { Steps } from '../runtime/steps.js';
import { Ticker } from '../runtime/ticker.js';
import { timedList, timedVault } from '../runtime/timedVault.js';
import { CloudOwnerController } from './cloudOwner/cloudOwnerController.js';
import { DataOwnerController } from './dataOwner/dataOwnerController.js';
import { ModelOwnerController } from './modelOwner/modelOwnerController.js';
import type { ApprovalPolicy, CreateController, RoleContext } from './role.js';
import { type Fault, isFaultOf, type ServedRole } from './servedRoles.js';
import { sweepVault } from './shared/vaultSweep.js';

/** How an agent behaves, and who hears of it. */
export interface AgentOptions {
  /** Whether it answers requests for training by itself, as a data owner. Other roles ignore it. */
  approval: ApprovalPolicy;
  /** Misbehaves on purpose, to show how the contract catches it. */
  fault?: Fault | undefined;
  /** Most threads beside the agent’s own that a host reads large packages with, 0 for none. Default: the cores there are. */
  workers?: number | undefined;
  /** Writes a line for each step and each failure. Default: no log. */
  logger?: Logger | undefined;
  /** Called with each event of the agent as it happens. If it throws, the agent logs that and goes on. */
  onEvent?: AgentObserver | undefined;
  /** Stops the agent: it finishes or drops its steps within seconds. The next start repeats the dropped ones. */
  signal: AbortSignal;
}

/**
 * Runs the agent of a member, in all of its roles, until the signal fires or the member is closed. Then it ends within
 * seconds, whatever hangs.
 *
 * @throws NOT_REGISTERED, NO_AGENT where none of its roles has one, WRONG_ARGUMENT for a fault of another role
 */
export async function runAgent(member: Member, options: AgentOptions): Promise<void> {
  const { logger = silentLogger() } = options;
  const signal = AbortSignal.any([options.signal, ...(member.closed ? [member.closed] : [])]);
  try {
    await run(inTime(member), { ...options, logger, signal });
  } catch (error) {
    // It was stopped before it had begun.
    if (!signal.aborted || !isVeritrainError(error, 'ABORTED')) throw error;
  }
}

async function run(member: Member, options: AgentOptions & { readonly logger: Logger }): Promise<void> {
  const { logger, signal } = options;
  const { market, home } = member;
  const participant = await requireParticipant(member, { signal });
  const { settings } = await market.config.get({}, { signal });
  const served = servedRolesOf(participant, options.fault, logger);
  const creates = await Promise.all(served.map((role) => creatorOf(role, options.fault)));
  const health = new HealthReporter(home.stateFolder, market.profile.name, served, logger);
  const events = new AgentEvents([
    CrashPoints.fromEnvironment().observe,
    logEvents(logger),
    health.observe,
    ...(options.onEvent === undefined ? [] : [harmless(options.onEvent, logger)]),
  ]);
  const steps = new Steps(events);
  const { participantId } = participant;
  const context: RoleContext = { member, market, participantId, steps, logger, workers: options.workers };
  const loop = new AgentLoop({
    controllers: creates.map((create) => create(context, options.approval)),
    changes: (until) => market.events.watch({ fromBlock: 'next', signal: until }),
    ticker: new Ticker(market, steps, settings.tickPeriodMs, performance.now()),
    events,
    logger,
    signal,
  });
  logger.info({ participantId, roles: participant.roles }, 'agent runs');
  // Not awaited: the next start repeats an interrupted sweep.
  void sweepVault(context, signal);
  await loop.run();
}

/** The same member, with a vault whose calls all end. */
function inTime(member: Member): Member {
  const { market } = member;
  const { vault, ownObjects } = market;
  const timed = { vault: timedVault(vault), ...(ownObjects && { ownObjects: timedList(ownObjects) }) };
  const facade = Object.create(market, Object.getOwnPropertyDescriptors(timed)) as typeof market;
  return { home: member.home, market: facade, closed: member.closed, close: () => member.close() };
}

/** The roles of the participant that an agent serves. */
function servedRolesOf(participant: Participant, fault: Fault | undefined, logger: Logger): ServedRole[] {
  const { roles } = participant;
  const isServed = (role: Role): role is ServedRole => role in creators;
  const served = roles.filter(isServed);
  const unserved = roles.filter((role) => !isServed(role));
  if (served.length === 0)
    throw agentsError('VT9212', `No agent serves the role ${roles.join(', ')}.`, {
      facts: { roles: roles.join(' ') },
    });
  if (unserved.length > 0) logger.warn({ code: 'VT9212', roles: unserved }, 'no agent serves these');
  if (fault !== undefined && !served.some((role) => isFaultOf(role, fault)))
    throw memberError('VT9001', `The fault ${fault} is of a role that this member has not.`, {
      facts: { fault, roles: served.join(' ') },
    });
  return served;
}

const creators: Readonly<Record<ServedRole, CreateController>> = {
  dataOwner: (context, approval) => new DataOwnerController(context, approval),
  cloudOwner: (context) => new CloudOwnerController(context),
  modelOwner: (context) => new ModelOwnerController(context),
};

/** Loads the faults only for an agent that is told to commit one. */
async function creatorOf(role: ServedRole, fault: Fault | undefined): Promise<CreateController> {
  if (fault === undefined || !isFaultOf(role, fault)) return creators[role];
  return (await import('../faults/faultyControllers.js')).faultyControllers[fault];
}

/** An observer whose errors do not reach the agent. */
const harmless =
  (observe: AgentObserver, logger: Logger): AgentObserver =>
  (event) => {
    try {
      observe(event);
    } catch (error) {
      logger.warn(describeFailure(error), 'an observer of events failed');
    }
  };
