import type { TrainCouple } from '@veritrain/client-sdk';
import { decodeTemplate, rareRows, type TrainingProgram } from '@veritrain/training';
import { type DatasetFacts, readDatasetFile } from '@veritrain/member/datasets';
import { Announcer } from './announcer.js';
import type { Follower } from './follower.js';
import { gather, type Gathered } from './gather.js';
import { configureMarket, coupleIdOf, fillSlots, offerDataset, requestTraining } from './market.js';
import type { Member } from '@veritrain/member/profile';
import { wrap } from '../cli/text.js';
import { type Cast, openCast, openOperators } from './members.js';
import { takePlaces } from './places.js';
import type { DemoOptions } from './options.js';
import type { Prepared } from './prepare.js';
import type { Progress } from './progress.js';
import { plural } from './report/figures.js';
import type { LedgerKind } from './result.js';
import type { Stage } from './stage.js';

export interface MarketRun {
  readonly options: DemoOptions;
  readonly prepared: Prepared;
  /** Everything of the run lies in it. */
  readonly folder: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** The main job from nothing to the trained model. */
export async function tellStory(run: MarketRun, stage: Stage): Promise<Gathered> {
  const opened = await openMarket(run, stage);
  const facts = await distribute(run, opened.cast, opened.follower);
  return train(run, stage, { ...opened, facts });
}

const ledgerKindOf = ({ fabric }: DemoOptions): LedgerKind => (fabric ? 'fabric' : 'embedded');

/** Lets changes reach whoever tells of them, once there is somebody. */
interface Watching {
  announcer: Announcer | undefined;
}

interface OpenedMarket {
  cast: Cast;
  /** Whose peer the follower reads. */
  operator: Member;
  follower: Follower;
  watching: Watching;
}

async function openMarket(run: MarketRun, stage: Stage): Promise<OpenedMarket> {
  const { options, prepared, folder, progress, signal } = run;
  progress.status(0, 1, 'starting the ledger');
  const ledger = await stage.startLedger(ledgerKindOf(options));
  progress.line('ledger', ledger.description);
  const profiles = {
    folder,
    ledger: stage.ledgerFolder,
    seed: options.seed,
    plan: prepared.plan,
    traffic: stage.traffic,
    signal,
  };
  progress.status(0, 1, 'enrolling the members');
  const operators = await openOperators(profiles);
  stage.keep(...operators);
  const [operator] = operators;
  if (operator === undefined) throw new Error('nobody operates the market');
  const watching: Watching = { announcer: undefined };
  const follower = stage.follow(operator, (change) => watching.announcer?.change(change));
  await configureMarket(operators, { signal });
  const registered = await openCast(profiles);
  const cast = options.minio ? await moveToMinio(run, stage, operator, registered) : registered;
  const { dataOwner, modelOwner, hosts } = cast;
  stage.keep(...[dataOwner, modelOwner, ...hosts].map(({ member }) => member));
  startAgents(stage, cast, prepared);
  progress.line('members', `a data owner, a model owner and ${plural(hosts.length, 'host')}, a process each`);
  const liar = prepared.plan.liar === undefined ? undefined : hosts[prepared.plan.liar];
  if (liar !== undefined)
    progress.line('drill', `${liar.name} is told to lie (agent run --drill wrong-update)`);
  return { cast, operator, follower, watching };
}

async function moveToMinio(
  { progress, signal }: MarketRun,
  stage: Stage,
  operator: Member,
  cast: Cast,
): Promise<Cast> {
  const vault = await stage.startVault();
  progress.status(0, 1, 'granting everybody a place in the vault');
  const places = { operator, cast, vault, folder: stage.grantsFolder, traffic: stage.traffic };
  const placed = await takePlaces(places, { signal });
  progress.line('vault', vault.description);
  return placed;
}

function startAgents(stage: Stage, { dataOwner, modelOwner, hosts }: Cast, { plan }: Prepared): void {
  stage.startAgent(dataOwner, '--approve', 'auto');
  stage.startAgent(modelOwner);
  hosts.forEach((host, index) => {
    if (index === plan.liar) stage.startAgent(host, '--drill', 'wrong-update');
    else stage.startAgent(host);
  });
}

async function distribute(run: MarketRun, cast: Cast, follower: Follower): Promise<DatasetFacts> {
  const { options, prepared, progress, signal } = run;
  progress.status(0, 1, 'splitting the table');
  const facts = await offerDataset(cast.dataOwner, options, prepared, { signal });
  const { subsetRows, rule, column } = facts.report;
  const [least, most] = [Math.min(...subsetRows), Math.max(...subsetRows)];
  const size = least === most ? `${least}` : `${least} to ${most}`;
  progress.line(
    'split',
    `${plural(facts.subsets, 'subset')} of ${size} rows, by ${rule === 'target' ? 'the target' : column}`,
  );
  const rare = rareRows(facts.report.leastCells);
  if (rare !== undefined) for (const line of wrap(rare)) progress.say(line);
  let joined = 0;
  const slots = prepared.plan.slots.length;
  await fillSlots(cast, facts, prepared, {
    signal,
    progress: (line) => {
      if (line.startsWith('joined'))
        progress.status((joined += 1), slots, `${joined} of ${slots} slots joined`);
    },
  });
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
  progress.line('slots', `${slots} joined and verified: sister replicas hold equal bytes`);
  return facts;
}

async function train(
  run: MarketRun,
  stage: Stage,
  { cast, operator, follower, watching, facts }: OpenedMarket & { facts: DatasetFacts },
): Promise<Gathered> {
  const { options, prepared, progress, signal } = run;
  const coupleId = coupleIdOf(cast.modelOwner);
  const coupleHome = cast.modelOwner.member.home.couple(coupleId);
  const names = new Map(cast.hosts.map(({ participantId, name }) => [participantId, name]));
  const announcer = new Announcer(
    progress,
    prepared.table,
    coupleHome,
    options.rounds,
    (participantId) => names.get(participantId) ?? participantId,
  );
  watching.announcer = announcer;
  stage.onStep = ({ step, attempt }) => {
    if (step === 'saveState' && attempt !== undefined) announcer.saved(attempt);
  };
  const { couple, program } = await requestTraining(cast.modelOwner, facts, options, { signal });
  const ofCouple =
    (...types: string[]) =>
    (change: { type: string }) =>
      types.includes(change.type) && 'coupleId' in change && change.coupleId === coupleId;
  await follower.until('the data owner to approve', ofCouple('TrainingApproved'), signal);
  const approvedAt = performance.now();
  progress.line('couple', `${coupleId}, drawing ${plural(couple.terms.subsetsPerRound, 'subset')} a round`);
  const ends = ofCouple('TrainingFinished', 'TrainingCancelled', 'TrainingRejected');
  await follower.until('the couple to end', ends, signal);
  const trainingSeconds = (performance.now() - approvedAt) / 1000;
  progress.status(options.rounds, options.rounds, 'training the plain twin');
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
