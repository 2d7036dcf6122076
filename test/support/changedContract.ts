import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contract } from './storyLedger.js';

/** A new text of a file of the contract, as it is built. */
export type Change = (built: string) => string;

/**
 * The market's contract as it is built, but for some files.
 * @param folder what is made in it
 * @param changes by path in `dist`
 * @returns the contract's folder
 */
export function changedContract(folder: string, changes: Readonly<Record<string, Change>>): string {
  const copy = join(folder, 'contract');
  mkdirSync(copy, { recursive: true });
  for (const name of ['package.json', 'META-INF', 'dist']) {
    if (existsSync(join(contract, name))) cpSync(join(contract, name), join(copy, name), { recursive: true });
  }
  // Both folders in which the contract itself finds what it imports.
  symlinkSync(join(contract, 'node_modules'), join(copy, 'node_modules'));
  symlinkSync(join(dirname(contract), 'node_modules'), join(folder, 'node_modules'));
  for (const [name, change] of Object.entries(changes)) {
    const path = join(copy, 'dist', name);
    const built = readFileSync(path, 'utf8');
    const changed = change(built);
    if (changed === built) throw new Error(`${name} is not changed`);
    writeFileSync(path, changed);
  }
  return copy;
}

/** Adds to the end of a file. */
export const adding =
  (text: string): Change =>
  (built) =>
    `${built}\n${text}\n`;

/** Puts one text in the place of another, wherever it stands. */
export const replacing =
  (old: string, by: string): Change =>
  (built) =>
    built.replaceAll(old, by);
