import {
  countPackagePairs,
  decodeTemplate,
  programExposes,
  programFeatures,
  programMoments,
  requirePairCells,
  requireServed,
  requireValuesPerMoment,
  TrainingError,
  type PairCell,
  type Template,
  type TrainingProgram,
} from '@veritrain/training';
import type { ActionContext } from '../calls/action.js';
import { streamFile } from '../home/ownFiles.js';
import type { Member } from '../profile/member.js';
import {
  datasetFactsFile,
  findDatasetFacts,
  readDatasetFacts,
  readDatasetFile,
  type DatasetFacts,
} from './datasetFacts.js';

/**
 * Refuses a program that shows more moments of a dataset's subsets than its owner accepts for their rows, and what
 * `requireSharedRows` refuses. Noise bounds what a dataset with differential privacy tells, whatever is asked.
 * @throws TrainingError TOO_MANY_MOMENTS, and as `requireSharedRows`
 */
export async function requireHiddenRows(
  member: Pick<Member, 'home'>,
  asked: { datasetId: string; program: TrainingProgram },
  context: ActionContext,
): Promise<void> {
  const { datasetId, program } = asked;
  const facts = findDatasetFacts(member.home, datasetId);
  if (facts !== undefined && facts.privacy === undefined) {
    const template = templateOf(member.home, datasetId);
    requireValuesPerMoment(template, facts.valuesPerMoment, programMoments(program, template));
  }
  await requireSharedRows(member, asked, context);
}

/**
 * Refuses a program that shows third moments of a dataset in which two columns single out fewer rows than its owner's floor, and
 * a program that makes features of several columns, unless that floor is one row. A
 * split by an earlier version is counted first, from its packages, and the facts keep the count.
 * @throws TrainingError RARE_PAIR, naming the columns and the count, or the feature map; FEATURES_DO_NOT_FIT;
 * LOCAL_COPY_MISSING
 */
async function requireSharedRows(
  { home }: Pick<Member, 'home'>,
  { datasetId, program }: { datasetId: string; program: TrainingProgram },
  context: ActionContext,
): Promise<void> {
  const exposed = programExposes(program);
  if (exposed === 'secondMoments') return;
  const facts = readDatasetFacts(home, datasetId);
  if (exposed === 'mappedMoments') {
    // A floor of one row is that of an owner that accepts all.
    if (facts.leastCell > 1) refuseMap(program);
    return;
  }
  // Pairs of more columns than such a program can learn from are not counted.
  programFeatures(program, facts.features);
  const { pairCells } = facts.report;
  requirePairCells(
    pairCells.length > 0 ? pairCells : await countAgain(home, facts, context),
    facts.leastCell,
  );
}

/** Refuses a program that needs more than a dataset with differential privacy gives. @throws TrainingError SECOND_MOMENTS_ONLY */
export function requireServedProgram(
  { home }: Pick<Member, 'home'>,
  { datasetId, program }: { datasetId: string; program: TrainingProgram },
): void {
  if (findDatasetFacts(home, datasetId)?.privacy === undefined) return;
  requireServed(program, templateOf(home, datasetId));
}

/** Features of several columns may single out a row that no count of cells covers. */
function refuseMap({ featureMap: { kind } }: TrainingProgram): never {
  throw new TrainingError('VT7507', `the program makes features of several columns (${kind})`, { map: kind });
}

async function countAgain(
  home: Member['home'],
  facts: DatasetFacts,
  { signal }: ActionContext,
): Promise<readonly PairCell[]> {
  const { datasetId, report } = facts;
  const dataset = home.dataset(datasetId);
  const template = templateOf(home, datasetId);
  const pairCells = await countPackagePairs(template, (subset) =>
    streamFile(dataset.packagePath(subset), { signal }),
  );
  datasetFactsFile(home, datasetId).write({ ...facts, report: { ...report, pairCells } });
  return pairCells;
}

const templateOf = (home: Member['home'], datasetId: string): Template =>
  decodeTemplate(readDatasetFile(home.dataset(datasetId).templatePath, datasetId));
