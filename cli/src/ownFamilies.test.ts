import { isVeritrainError } from '@veritrain/client-sdk/errors';
import { ownFamilies } from '@veritrain/training/families';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { loadOwnFamilies } from './ownFamilies.js';

const folder = mkdtempSync(join(tmpdir(), 'veritrain-families-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rootRidge = fileURLToPath(new URL('../../examples/own-family/rootRidge.mjs', import.meta.url));
const load = (...files: string[]): Promise<void> =>
  loadOwnFamilies({ VERITRAIN_FAMILY_FILES: files.join(delimiter) });

it('loads nothing unless it is told to', async () => {
  await loadOwnFamilies({});
  expect(ownFamilies()).toEqual([]);
});

it.each([
  ['is not there', undefined, /does not load/],
  ['is no module', 'export const = 1;', /does not load/],
  ['registers nothing', 'export const family = 1;', /registers no model family/],
])('refuses a file that %s', async (_, text, reason) => {
  const file = join(folder, `family${String(text?.length)}.mjs`);
  if (text !== undefined) writeFileSync(file, text);
  const error: unknown = await load(file).catch((thrown: unknown) => thrown);
  expect(isVeritrainError(error, 'VT9009') && [error.reason, error.facts]).toEqual([
    expect.stringMatching(reason),
    { file },
  ]);
});

it('registers the families of the files that it is told of', async () => {
  await load('', rootRidge);
  expect(ownFamilies()).toEqual([{ name: 'rootRidge', digest: expect.stringMatching(/^sha256:/) as string }]);
});
