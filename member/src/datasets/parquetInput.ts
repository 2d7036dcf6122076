import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import {
  isParquet,
  openParquet,
  type ParquetTable,
  type ReadableFile,
  type RecipeChoices,
} from '@veritrain/training';
import { memberError } from '../errors/memberError.js';
import { maxTableBytes } from '../home/userInput.js';

/** Which columns of a table are read; others may hold anything. */
export type Needs = (column: string) => boolean;

const nameOf = (column: string): string => column.trim().normalize('NFC');

/** The columns that a data owner does not leave out. */
export const notDropped =
  ({ drop = [] }: RecipeChoices = {}): Needs =>
  (column) =>
    !drop.map(nameOf).includes(nameOf(column));

/** Choices by which columns that a file says are texts are categories, even where their cells look like numbers. */
export const withTexts = (recipe: RecipeChoices = {}, texts: readonly string[] = []): RecipeChoices => ({
  ...recipe,
  categories: [...(recipe.categories ?? []), ...texts.filter(notDropped(recipe))],
});

/** A Parquet file on disk as CSV; undefined for any other file. @throws TrainingError VT7001, VT7017 */
export async function parquetFile(
  path: string,
  source: string,
  needs: Needs,
): Promise<ParquetTable | undefined> {
  return startsAsParquet(path) ? openParquet(fileAt(path), { source, needs }) : undefined;
}

/** The same of a file's bytes. @throws TrainingError VT7001, VT7017 */
export async function parquetBytes(
  bytes: Uint8Array,
  source: string,
  needs: Needs,
): Promise<ParquetTable | undefined> {
  return isParquet(bytes) ? openParquet(inMemory(bytes), { source, needs }) : undefined;
}

/** All text of a table. @throws FILE_TOO_LARGE */
export async function wholeText({ csv }: Pick<ParquetTable, 'csv'>, source: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of csv) {
    size += piece.length;
    if (size > maxTableBytes) {
      const facts = { path: source, maxBytes: maxTableBytes };
      throw memberError('VT9261', `The table ${source} is too large, written as text.`, { facts });
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function startsAsParquet(path: string): boolean {
  if (!statSync(path).isFile()) return false;
  const file = openSync(path, 'r');
  try {
    const start = new Uint8Array(4);
    readSync(file, start);
    return isParquet(start);
  } finally {
    closeSync(file);
  }
}

/** Opens the file for each part: there are few, and so it is never left open. */
const fileAt = (path: string): ReadableFile => {
  const byteLength = statSync(path).size;
  return {
    byteLength,
    slice: async (start, end = byteLength) => {
      const file = await open(path, 'r');
      try {
        const bytes = new Uint8Array(Math.max(0, Math.min(end, byteLength) - start));
        const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
        return bytes.buffer.slice(0, bytesRead);
      } finally {
        await file.close();
      }
    },
  };
};

const inMemory = (bytes: Uint8Array): ReadableFile => ({
  byteLength: bytes.length,
  slice: async (start, end) => Promise.resolve(Uint8Array.from(bytes.subarray(start, end)).buffer),
});
