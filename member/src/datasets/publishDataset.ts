import type { Dataset, DatasetDeadlines, Protection } from '@veritrain/client-sdk';
import {
  countPackageCells,
  decodeTemplate,
  requireLeastCells,
  requireValuesPerMoment,
} from '@veritrain/training';
import { type ActionContext, ask, submit, type Write } from '../calls/action.js';
import { streamFile } from '../home/ownFiles.js';
import type { Member } from '../profile/member.js';
import { putPublicDocument } from '../vault/publicDocument.js';
import { readDatasetFacts, readDatasetFile } from './datasetFacts.js';
import { PrivacyBudget } from './privacyBudget.js';

/** The terms under which `publishDataset` offers a dataset. */
export interface PublishDatasetInput {
  /** A dataset that was split here, `ds_…`. */
  datasetId: string;
  /** Hosts of each subset, 1 to 15; to 7 in a dataset of sums. */
  replicas: number;
  /** Rounds over the dataset's lifetime, over all couples, 1 to 1,000,000. */
  lifetimeRounds: number;
  /** Maximum rounds that one couple may request, 1 to 10,000. */
  mostRounds: number;
  /** Maximum subsets that one round may draw, 1 to 40. Default: all subsets, at most 40. */
  mostSubsetsPerRound?: number | undefined;
  /** How models that train on it may be protected, at least one. */
  protections: Protection[];
  /** The longest idle time that a request may ask for; an idle couple reserves its rounds. Default: the time to answer. */
  mostIdleMs?: number | undefined;
  /** A host's time for its commitment, which sets all deadlines. Default: three times the market's minimum. */
  paceMs?: number | undefined;
  /** Each deadline, instead of a pace. */
  deadlines?: DatasetDeadlines | undefined;
  /** The least rows of a subset, or of a batch in a dataset of sums, that may share a value, 1 to 1000. Default: that of the split. */
  leastCell?: number | undefined;
  /** The least values of a subset's rows, or of a batch's, for each moment of them, 0 to 1000. Default: that of the split. */
  valuesPerMoment?: number | undefined;
}

/** A dataset that was published. */
export interface PublishedDataset {
  /** The dataset, as RegisterDataset wrote it. */
  dataset: Dataset;
  /** The transactions that were submitted. */
  writes: Write[];
}

/**
 * Publishes a dataset that was split here: the template for all members, the terms on the ledger, no rows. First counts the
 * cells of the packages again, as hosts will get them.
 * @throws LOCAL_COPY_MISSING; TrainingError RARE_CELL, naming a value that too few rows share;
 * TOO_MANY_MOMENTS; PRIVACY_SPENT; refusals of RegisterDataset
 */
export async function publishDataset(
  member: Member,
  input: PublishDatasetInput,
  context: ActionContext,
): Promise<PublishedDataset> {
  const facts = readDatasetFacts(member.home, input.datasetId);
  const home = member.home.dataset(input.datasetId);
  const template = readDatasetFile(home.templatePath, input.datasetId);
  const decoded = decodeTemplate(template);
  if (facts.privacy === undefined) {
    requireValuesPerMoment(decoded, input.valuesPerMoment ?? facts.valuesPerMoment);
    const leastCells = await countPackageCells(decoded, (subset) => streamFile(home.packagePath(subset)));
    requireLeastCells(leastCells, input.leastCell ?? facts.leastCell);
  } else {
    const { source, rows, privacy } = facts;
    // Before anything leaves: what was told counts, whatever becomes of the transaction.
    new PrivacyBudget(member.home).spend(facts.datasetId, facts.templateDigest, { ...privacy, source, rows });
  }
  await putPublicDocument(member.market, template, context.signal);
  const deadlines = input.deadlines ?? deadlinesAtPace(input.paceMs ?? (await defaultPace(member, context)));
  const { result, write } = await submit(
    member,
    'RegisterDataset',
    {
      datasetId: input.datasetId,
      templateDigest: facts.templateDigest,
      subsets: facts.subsets,
      replicas: input.replicas,
      lifetimeRounds: input.lifetimeRounds,
      aggregation: decoded.aggregation ?? 'perSubset',
      requestRules: {
        mostRounds: input.mostRounds,
        mostSubsetsPerRound: input.mostSubsetsPerRound ?? Math.min(facts.subsets, 40),
        mostIdleMs: input.mostIdleMs ?? deadlines.answerMs,
        protections: input.protections,
      },
      deadlines,
    },
    context,
  );
  return { dataset: result, writes: [write] };
}

async function defaultPace(member: Member, context: ActionContext): Promise<number> {
  const { settings } = await ask(member, 'GetConfig', {}, context);
  return 3 * settings.leastDeadlineMs;
}

/**
 * The deadlines of a dataset, from a host's time for its commitment. Members wait for a deadline only if somebody does not
 * answer.
 *
 * @param paceMs at least the market's least deadline, which is also the least gap between two deadlines of a round
 */
const deadlinesAtPace = (paceMs: number): DatasetDeadlines => ({
  verifyMs: 10 * paceMs,
  noticeMs: 2 * paceMs,
  answerMs: 10 * paceMs,
  startMs: 2 * paceMs,
  commitMs: paceMs,
  uploadMs: 2 * paceMs,
  closeMs: 4 * paceMs,
  revealMs: 5 * paceMs,
  attestMs: 6 * paceMs,
});
