import { existsSync } from 'node:fs';
import { datasetIdSchema } from '@veritrain/client-sdk/schemas';
import { codebookSchema, codedColumnsOf, type Codebook } from '@veritrain/training';
import type { MemberHome } from '../home/memberHome.js';
import { parseUserJson, readUserFile } from '../home/userInput.js';
import type { TrainedModel } from './trainedModel.js';

/** Reads a codebook. @throws FILE_MISSING, NOT_A_FILE, FILE_TOO_LARGE, FILE_INVALID */
export const readCodebook = (path: string): Codebook =>
  parseUserJson(readUserFile(path, 'codebook'), codebookSchema, path, 'codebook');

/**
 * What the codes of a model's recipe stand for, if this member knows it: by the file that the caller names, or else by the split of the
 * model's dataset in this profile.
 * @returns undefined where the rows have to have codes, and for a model without codes
 * @throws as {@link readCodebook}
 */
export function codebookFor(
  home: MemberHome,
  { datasetId, recipe }: Pick<TrainedModel, 'datasetId' | 'recipe'>,
  path?: string,
): Codebook | undefined {
  if (path !== undefined) return readCodebook(path);
  // The id may be from somebody else's file, so it may be no name of a folder.
  if (codedColumnsOf(recipe).length === 0 || !datasetIdSchema.safeParse(datasetId).success) return undefined;
  const { codebookPath } = home.dataset(datasetId);
  return existsSync(codebookPath) ? readCodebook(codebookPath) : undefined;
}
