import type { Dataset, DatasetDeadlines, Protection } from '@veritrain/client-sdk';
import { countPackageCells, decodeTemplate, requireLeastCells } from '@veritrain/training';
import type { ActionContext } from '../calls/context.js';
import { readDatasetFacts, readDatasetFile } from './datasetFacts.js';
import { deadlinesAtPace } from './datasetDeadlines.js';
import type { Member } from '../profile/member.js';
import { putPublicDocument } from '../vault/publicDocument.js';
import { streamFile } from '../home/streamFile.js';
import { ask, submit, type Write } from '../calls/submit.js';

export interface PublishDatasetInput {
  datasetId: string;
  replicas: number;
  lifetimeRounds: number;
  mostRounds: number;
  /** Default: all subsets, 40 at most. */
  mostSubsetsPerRound?: number | undefined;
  protections: Protection[];
  /** Longest that a request may let a couple rest; it holds its rounds meanwhile. Default: as long as an answer takes. */
  mostIdleMs?: number | undefined;
  /** How long a host has for its commitment; all deadlines follow. Default: three times the market's least. */
  paceMs?: number | undefined;
  /** In place of a pace: each deadline by itself. */
  deadlines?: DatasetDeadlines | undefined;
  /** Least rows of a subset that may share a value. Default: what was accepted when the table was split. */
  leastCell?: number | undefined;
}

/**
 * Offers a dataset that was split here: the template for all members, the terms on the ledger. No rows. Its packages are
 * counted once more first, as hosts will get them.
 * @throws TrainingError RARE_CELL, naming what too few rows share
 */
export async function publishDataset(
  member: Member,
  input: PublishDatasetInput,
  context: ActionContext,
): Promise<{ dataset: Dataset; writes: Write[] }> {
  const facts = readDatasetFacts(member.home, input.datasetId);
  const home = member.home.dataset(input.datasetId);
  const template = readDatasetFile(home.templatePath, input.datasetId);
  const leastCells = await countPackageCells(decodeTemplate(template), (subset) =>
    streamFile(home.packagePath(subset)),
  );
  requireLeastCells(leastCells, input.leastCell ?? facts.leastCell);
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
      aggregation: 'perSubset',
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
