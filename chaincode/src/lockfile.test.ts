import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}

const lock = (path: string): Lock => JSON.parse(readFileSync(join(__dirname, path), 'utf8')) as Lock;
const nameOf = (place: string): string =>
  place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);

describe('the folder’s own lock file', () => {
  it('names no version that the workspace does not run', () => {
    const workspace = new Map<string, Set<string>>();
    for (const [place, { version = '' }] of Object.entries(lock('../../package-lock.json').packages)) {
      workspace.set(nameOf(place), (workspace.get(nameOf(place)) ?? new Set()).add(version));
    }
    const strange = Object.entries(lock('../package-lock.json').packages)
      .filter(([place]) => place !== '')
      .filter(([place, { version = '' }]) => !workspace.get(nameOf(place))?.has(version));
    expect(strange).toEqual([]);
  });
});
