import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Names that an entry file exports, types included: what cannot be seen at run time is read from the source. */
function exportsOf(entry: string, file = entry): string[] {
  const source = readFileSync(new URL(file, import.meta.url), 'utf8');
  const others = [...source.matchAll(/export \* from '(.*)\.js'/g)].map(([, path]) => `${path ?? ''}.ts`);
  const named = [...source.matchAll(/export (type )?\{([^}]*)\}/g)].flatMap(([, type, names = '']) =>
    names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
      .map((name) => `${entry.replace('.ts', '')} ${type === undefined ? 'value' : 'type'} ${name}`),
  );
  return [...named, ...others.flatMap((other) => exportsOf(entry, other))];
}

describe('public names', () => {
  it('are the frozen ones: a change of exports.txt is a change of the API', () => {
    const frozen = readFileSync(new URL('../exports.txt', import.meta.url), 'utf8')
      .trim()
      .split('\n');
    const found = ['index.ts', 'errors.ts', 'enrolment.ts', 's3.ts']
      .flatMap((entry) => exportsOf(entry))
      .sort();
    expect(found).toEqual(frozen);
    expect(new Set(found).size).toBe(found.length);
  });
});
