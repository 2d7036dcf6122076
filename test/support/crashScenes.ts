import type { StepName } from '@veritrain/agents';
import { waitUntil } from './couples.js';
import { dying, oneSubset, rounds, type CrashStage, type Scene } from './crashStage.js';
import {
  putDocument,
  expireJoin,
  rejectTraining,
  reportUnavailable,
  revealUpdate,
  tallyRound,
  expireRound,
  cancelTraining,
  tick,
} from './rareScenes.js';
import { coupleOf, withinMs } from './stage.js';
import type { StoryMember } from './storyMarket.js';

/** Where one agent dies. */
export interface CrashPoint {
  readonly when: 'before' | 'after';
  readonly step: StepName;
  /** For the n-th time that it comes to the step; in most scenes once a round. */
  readonly count: number;
}

export const nameOf = ({ when, step, count }: CrashPoint): string => `${when}:${step}:${count.toString()}`;

const modelOwner: Scene = async (on, story, point) => {
  const [lab] = (await on.stage.join('modelOwner', `${story}-lab`)) as [StoryMember];
  const died = dying(on, lab, point);
  await on.ask(story, lab);
  await on.stage.finishedAsUndisturbed(story, on.owner, lab);
  await died();
};

const host: Scene = async (on, story, point) => {
  const [crasher] = (await on.stage.join('cloudOwner', `${story}-host`)) as [StoryMember];
  await on.stage.publish(story, { owner: on.owner, hosts: [...on.hosts.slice(0, 2), crasher] });
  const died = dying(on, crasher, point);
  await on.stage.ask(story, on.lab, oneSubset);
  await on.stage.finishedAsUndisturbed(story, on.owner, on.lab);
  await died();
};

const dataOwner: Scene = async (on, story, point) => {
  const [owner] = (await on.stage.join('dataOwner', `${story}-owner`)) as [StoryMember];
  await on.stage.publish(story, { owner, hosts: [...on.hosts] });
  const died = dying(on, owner, point);
  await on.stage.ask(story, on.lab, oneSubset);
  await on.stage.finishedAsUndisturbed(story, owner, on.lab);
  const { couples } = on.lab.member.market;
  const isGivenBack = async (): Promise<boolean> =>
    (await couples.get({ coupleId: coupleOf(story) })).releasedRounds !== null;
  await waitUntil('the rounds are given back', isGivenBack, withinMs);
  await died();
};

/** The scene in which each step happens. */
const scenes: Record<StepName, Scene> = {
  verifyInstances: dataOwner,
  expireJoin,
  approveTraining: dataOwner,
  rejectTraining,
  startRound: dataOwner,
  releaseRounds: dataOwner,
  prepareShard: host,
  fetchModel: host,
  computeUpdate: host,
  submitUpdate: host,
  uploadUpdate: host,
  reportUnavailable,
  revealUpdate,
  putModel: modelOwner,
  openRound: modelOwner,
  downloadUpdates: modelOwner,
  applyUpdates: modelOwner,
  saveState: modelOwner,
  closeRound: modelOwner,
  saveModel: modelOwner,
  finishTraining: modelOwner,
  tick,
  tallyRound,
  expireRound,
  cancelTraining,
  putDocument,
};

const oncePerCouple: readonly StepName[] = [
  'verifyInstances',
  'expireJoin',
  'approveTraining',
  'rejectTraining',
  'releaseRounds',
  'prepareShard',
  'saveModel',
  'finishTraining',
  'tallyRound',
  'expireRound',
  'cancelTraining',
  'putDocument',
];

/** Every point of a step at which its agent can die: before and after it, each time that it comes. */
export const pointsOf = (step: StepName): CrashPoint[] =>
  Array.from({ length: oncePerCouple.includes(step) ? 1 : rounds }, (_, index) => index + 1).flatMap(
    (count) => (['before', 'after'] as const).map((when) => ({ when, step, count })),
  );

/** Ids and profiles take lower-case letters and digits. */
const storyOf = (point: CrashPoint): string => nameOf(point).replaceAll(':', '').toLowerCase();

/** Plays one crash; fails where the couple does not end as if nothing had happened. */
export const play = (on: CrashStage, point: CrashPoint): Promise<void> =>
  scenes[point.step](on, storyOf(point), nameOf(point));
