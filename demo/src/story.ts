import type { CommittedChange } from '@veritrain/client-sdk';
import type { DatasetFacts } from '@veritrain/member/datasets';
import type { Member } from '@veritrain/member/profile';
import type { LedgerFacts } from './events.js';
import type { Follower } from './follower.js';
import { type EndedTraining, gather, type Gathered } from './gather.js';
import { configureMarket, coupleIdOf, fillSlots, offerDataset, requestTraining } from './market.js';
import { type Cast, openCast, openOperators } from './members.js';
import type { DemoRun } from './prepare.js';
import { RoundEvents } from './roundEvents.js';
import { Stage } from './stage.js';

/** Runs the whole market, each member as a process, to the end of its training. Stops all of it, however it ends. */
export async function runMarket(given: DemoRun): Promise<Gathered> {
  const failure = new AbortController();
  const signal = AbortSignal.any([given.signal, failure.signal]);
  const stage = new Stage({ ...given, signal }, (error) => failure.abort(error));
  try {
    const opened = await openMarket(stage);
    const facts = await distribute(stage, opened);
    const ended = await train(stage, opened, facts);
    given.tell({ kind: 'working', work: 'trainTwin' });
    return await gather(stage, ended);
  } catch (error) {
    // Once the signal fired, any other error only follows from it.
    throw signal.aborted ? (signal.reason as Error) : error;
  } finally {
    await stage.clear();
  }
}

/** The listener to the ledger's changes, another one in each part of the story. */
interface Watching {
  onChange: (change: CommittedChange) => void;
}

interface OpenedMarket {
  readonly ledger: LedgerFacts;
  readonly cast: Cast;
  /** The member whose peer the follower reads. */
  readonly operator: Member;
  readonly follower: Follower;
  readonly watching: Watching;
}

async function openMarket(stage: Stage): Promise<OpenedMarket> {
  const { run } = stage;
  const { plan, options, tell } = run;
  tell({ kind: 'working', work: 'startLedger' });
  const { facts: ledger } = await stage.startLedger();
  tell({ kind: 'ledgerStarted', ledger });
  tell({ kind: 'working', work: 'enrolMembers' });
  const operators = await openOperators(stage);
  stage.keep(...operators);
  const [operator] = operators;
  if (operator === undefined) throw new Error('nobody operates the market');
  const watching: Watching = { onChange: () => undefined };
  const follower = stage.follow(operator, (change) => watching.onChange(change));
  await configureMarket(operators, run);
  const registered = await openCast(stage);
  const cast = options.minio ? await moveToMinio(stage, operator, registered) : registered;
  const { dataOwner, modelOwner, hosts } = cast;
  stage.keep(...[dataOwner, modelOwner, ...hosts].map(({ member }) => member));
  await startAgents(stage, cast);
  const liar = plan.liar === undefined ? undefined : hosts[plan.liar]?.name;
  tell({ kind: 'membersStarted', hosts: hosts.length, liar });
  return { ledger, cast, operator, follower, watching };
}

async function moveToMinio(stage: Stage, operator: Member, cast: Cast): Promise<Cast> {
  const { tell, signal } = stage.run;
  const vault = await stage.startVault();
  tell({ kind: 'working', work: 'grantPlaces' });
  const { grantsFolder: folder, traffic } = stage;
  const placed = await vault.givePlaces({ operator, cast, folder, traffic }, { signal });
  tell({ kind: 'vaultStarted', vault: vault.facts });
  return placed;
}

async function startAgents(stage: Stage, { dataOwner, modelOwner, hosts }: Cast): Promise<void> {
  await stage.startAgent(dataOwner, '--approve', 'auto');
  await stage.startAgent(modelOwner);
  for (const [index, host] of hosts.entries()) {
    const fault = index === stage.run.plan.liar ? ['--fault', 'wrong-update'] : [];
    await stage.startAgent(host, ...fault);
  }
}

async function distribute({ run }: Stage, { cast, follower, watching }: OpenedMarket): Promise<DatasetFacts> {
  const { plan, tell, signal } = run;
  tell({ kind: 'working', work: 'splitTable' });
  const facts = await offerDataset(cast.dataOwner, run);
  tell({ kind: 'tableSplit', report: facts.report });
  const slots = plan.slots.length;
  let joined = 0;
  watching.onChange = ({ type }) => {
    if (type === 'InstanceJoined') tell({ kind: 'slotJoined', joined: (joined += 1), slots });
  };
  const { datasetId } = facts;
  await fillSlots(cast, datasetId, run);
  const verified = new Set<string>();
  await follower.until(
    'the data owner to verify its hosts',
    (change) => {
      if (change.type === 'InstanceVerified' && change.datasetId === datasetId)
        verified.add(change.instanceId);
      return verified.size === slots;
    },
    signal,
  );
  tell({ kind: 'slotsVerified', slots });
  return facts;
}

async function train(
  stage: Stage,
  opened: OpenedMarket,
  { datasetId }: DatasetFacts,
): Promise<EndedTraining> {
  const { run } = stage;
  const { cast, follower, watching } = opened;
  const { table, tell, signal } = run;
  const coupleId = coupleIdOf(cast.modelOwner);
  const names = new Map(cast.hosts.map(({ participantId, name }) => [participantId, name]));
  const rounds = new RoundEvents({
    tell,
    table,
    couple: cast.modelOwner.member.home.couple(coupleId),
    nameOf: (participantId) => names.get(participantId) ?? participantId,
  });
  watching.onChange = (change) => rounds.change(change);
  stage.onStep = ({ step, facts: { attempt } }) => {
    if (step === 'saveState' && typeof attempt === 'number') rounds.saved(attempt);
  };
  const { couple, program } = await requestTraining(cast.modelOwner, datasetId, run);
  const ofCouple =
    (...types: string[]) =>
    (change: { type: string }) =>
      types.includes(change.type) && 'coupleId' in change && change.coupleId === coupleId;
  await follower.until('the data owner to approve', ofCouple('TrainingApproved'), signal);
  const approvedAt = performance.now();
  tell({ kind: 'trainingApproved', coupleId, subsetsPerRound: couple.terms.subsetsPerRound });
  const ends = ofCouple('TrainingFinished', 'TrainingCancelled', 'TrainingRejected');
  await follower.until('the couple to end', ends, signal);
  const trainingSeconds = (performance.now() - approvedAt) / 1000;
  return { ...opened, coupleId, program, trainingSeconds };
}
