import { basename } from 'node:path';
import { newId } from '@veritrain/client-sdk';
import {
  encodePackage,
  encodeTemplate,
  openPackage,
  parseTable,
  splitTable,
  templateDigest,
} from '@veritrain/training';
import { writeAtomically } from '../runtime/stateFile.js';
import { AgentsError } from './agentsError.js';
import type { ActionContext } from './context.js';
import { datasetFactsFile, splitReportSchema, type DatasetFacts } from './datasetFacts.js';
import type { Member } from './member.js';

export interface SplitDatasetInput {
  csv: string;
  /** For messages. */
  source: string;
  target: string;
  subsets: number;
  /** Default: a fresh one. */
  datasetId?: string | undefined;
  /** Decides the split; default: a secret of this member and this dataset. */
  seed?: Uint8Array | undefined;
}

/**
 * Splits a table into subsets and makes the packages and the template, in this member's own folder. Nothing is
 * sent. Done again for the same dataset and table it makes the same bytes.
 *
 * @throws TrainingError for a table that does not do, naming row and column; AgentsError FILE_EXISTS
 */
export function splitDataset(member: Member, input: SplitDatasetInput, context: ActionContext): DatasetFacts {
  const { keyring } = member.market;
  const datasetId = input.datasetId ?? newId('ds');
  const table = parseTable(input.csv, { target: input.target, source: input.source });
  const seed = input.seed ?? keyring.derive('split', datasetId);
  const { shards, report, template } = splitTable(table, { subsets: input.subsets, seed });
  const file = datasetFactsFile(member.home, datasetId);
  const digest = templateDigest(template);
  refuseOther(file.read(), digest, datasetId);

  const paths = member.home.dataset(datasetId);
  const packageDigests = shards.map((shard) => {
    context.signal?.throwIfAborted();
    const shardSecret = keyring.derive('shard', datasetId, shard.subset.toString());
    const bytes = encodePackage({ template, shard, shardSecret });
    writeAtomically(paths.packagePath(shard.subset), bytes);
    return openPackage(bytes).digest;
  });
  writeAtomically(paths.templatePath, encodeTemplate(template));
  const facts: DatasetFacts = {
    schemaVersion: 1,
    datasetId,
    source: basename(input.source),
    target: table.target,
    rows: table.rows,
    features: table.features,
    subsets: input.subsets,
    templateDigest: digest,
    packageDigests,
    report: splitReportSchema.parse(report),
  };
  file.write(facts);
  return facts;
}

function refuseOther(known: DatasetFacts | undefined, digest: string, datasetId: string): void {
  if (known === undefined || known.templateDigest === digest) return;
  throw new AgentsError('VT9005', `${datasetId} is a split of another table, or in other parts.`, {
    facts: { datasetId, source: known.source, subsets: known.subsets },
  });
}
