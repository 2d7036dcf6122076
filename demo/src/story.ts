import type { CommittedChange, TrainCouple } from '@veritrain/client-sdk';
import { type DatasetFacts, readDatasetFile } from '@veritrain/member/datasets';
import type { Member } from '@veritrain/member/profile';
import { decodeTemplate, type TrainingProgram } from '@veritrain/training';
import type { Tell } from './events.js';
import type { Follower } from './follower.js';
import { gather, type Gathered } from './gather.js';
import { configureMarket, coupleIdOf, fillSlots, offerDataset, requestTraining } from './market.js';
import { type Cast, openCast, openOperators } from './members.js';
import { takePlaces } from './places.js';
import type { DemoOptions } from './options.js';
import type { Prepared } from './prepare.js';
import type { LedgerKind } from './result.js';
import { RoundEvents } from './roundEvents.js';
import type { Stage } from './stage.js';

export interface MarketRun {
  readonly options: DemoOptions;
  readonly prepared: Prepared;
  /** Everything of the run lies in it. */
  readonly folder: string;
  /** The program that runs a member's agent. */
  readonly command: string;
  readonly tell: Tell;
  readonly signal: AbortSignal;
}

/** The main job from nothing to the trained model. */
export async function playStory(run: MarketRun, stage: Stage): Promise<Gathered> {
  const opened = await openMarket(run, stage);
  const facts = await distribute(run, opened);
  return train(run, stage, { ...opened, facts });
}

const ledgerKindOf = ({ fabric }: DemoOptions): LedgerKind => (fabric ? 'fabric' : 'embedded');

/** Who hears of the ledger's changes: another one in each part of the story. */
interface Watching {
  onChange: (change: CommittedChange) => void;
}

interface OpenedMarket {
  cast: Cast;
  /** Whose peer the follower reads. */
  operator: Member;
  follower: Follower;
  watching: Watching;
}

async function openMarket(run: MarketRun, stage: Stage): Promise<OpenedMarket> {
  const { options, prepared, folder, tell, signal } = run;
  tell({ kind: 'working', work: 'startLedger' });
  const ledger = await stage.startLedger(ledgerKindOf(options));
  tell({ kind: 'ledgerStarted', ledger: ledger.facts });
  const profiles = {
    folder,
    ledger: stage.ledgerFolder,
    seed: options.seed,
    plan: prepared.plan,
    traffic: stage.traffic,
    signal,
  };
  tell({ kind: 'working', work: 'enrolMembers' });
  const operators = await openOperators(profiles);
  stage.keep(...operators);
  const [operator] = operators;
  if (operator === undefined) throw new Error('nobody operates the market');
  const watching: Watching = { onChange: () => undefined };
  const follower = stage.follow(operator, (change) => watching.onChange(change));
  await configureMarket(operators, { signal });
  const registered = await openCast(profiles);
  const cast = options.minio ? await moveToMinio(run, stage, operator, registered) : registered;
  const { dataOwner, modelOwner, hosts } = cast;
  stage.keep(...[dataOwner, modelOwner, ...hosts].map(({ member }) => member));
  startAgents(stage, cast, prepared);
  const liar = prepared.plan.liar === undefined ? undefined : hosts[prepared.plan.liar]?.name;
  tell({ kind: 'membersStarted', hosts: hosts.length, liar });
  return { cast, operator, follower, watching };
}

async function moveToMinio(
  { tell, signal }: MarketRun,
  stage: Stage,
  operator: Member,
  cast: Cast,
): Promise<Cast> {
  const vault = await stage.startVault();
  tell({ kind: 'working', work: 'grantPlaces' });
  const places = { operator, cast, vault, folder: stage.grantsFolder, traffic: stage.traffic };
  const placed = await takePlaces(places, { signal });
  tell({ kind: 'vaultStarted', vault: vault.facts });
  return placed;
}

function startAgents(stage: Stage, { dataOwner, modelOwner, hosts }: Cast, { plan }: Prepared): void {
  stage.startAgent(dataOwner, '--approve', 'auto');
  stage.startAgent(modelOwner);
  hosts.forEach((host, index) => {
    if (index === plan.liar) stage.startAgent(host, '--fault', 'wrong-update');
    else stage.startAgent(host);
  });
}

async function distribute(
  { options, prepared, tell, signal }: MarketRun,
  { cast, follower, watching }: OpenedMarket,
): Promise<DatasetFacts> {
  tell({ kind: 'working', work: 'splitTable' });
  const facts = await offerDataset(cast.dataOwner, options, prepared, { signal });
  tell({ kind: 'tableSplit', report: facts.report });
  const slots = prepared.plan.slots.length;
  let joined = 0;
  watching.onChange = ({ type }) => {
    if (type === 'InstanceJoined') tell({ kind: 'slotJoined', joined: (joined += 1), slots });
  };
  await fillSlots(cast, facts, prepared, { signal });
  const { datasetId } = facts;
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
  run: MarketRun,
  stage: Stage,
  { cast, operator, follower, watching, facts }: OpenedMarket & { facts: DatasetFacts },
): Promise<Gathered> {
  const { options, prepared, tell, signal } = run;
  const coupleId = coupleIdOf(cast.modelOwner);
  const coupleHome = cast.modelOwner.member.home.couple(coupleId);
  const names = new Map(cast.hosts.map(({ participantId, name }) => [participantId, name]));
  const rounds = new RoundEvents({
    tell,
    table: prepared.table,
    couple: coupleHome,
    nameOf: (participantId) => names.get(participantId) ?? participantId,
  });
  watching.onChange = (change) => rounds.change(change);
  stage.onStep = ({ step, facts: { attempt } }) => {
    if (step === 'saveState' && typeof attempt === 'number') rounds.saved(attempt);
  };
  const { couple, program } = await requestTraining(cast.modelOwner, facts, options, { signal });
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
  tell({ kind: 'working', work: 'trainTwin' });
  return gatherFrom(run, stage, { cast, operator, follower, facts, couple, program, trainingSeconds });
}

interface EndedTraining {
  cast: Cast;
  operator: Member;
  follower: Follower;
  facts: DatasetFacts;
  couple: TrainCouple;
  program: TrainingProgram;
  trainingSeconds: number;
}

function gatherFrom(
  { options, prepared, signal }: MarketRun,
  stage: Stage,
  { cast, operator, follower, facts, couple, program, trainingSeconds }: EndedTraining,
): Promise<Gathered> {
  const { plan, table, reportPath } = prepared;
  const datasetHome = cast.dataOwner.member.home.dataset(facts.datasetId);
  return gather({
    // The peer that said that the couple has ended: another organisation's may be a block behind.
    market: operator.market,
    ledgerKind: ledgerKindOf(options),
    coupleId: couple.coupleId,
    coupleHome: cast.modelOwner.member.home.couple(couple.coupleId),
    datasetHome,
    table,
    template: decodeTemplate(readDatasetFile(datasetHome.templatePath, facts.datasetId)),
    program,
    plan,
    liar: plan.liar === undefined ? undefined : cast.hosts[plan.liar]?.participantId,
    timeline: stage.timeline,
    trainingSeconds,
    counts: follower.counts,
    trafficBytes: stage.traffic.bytes + stage.timeline.trafficBytes,
    reportPath,
    signal,
  });
}
