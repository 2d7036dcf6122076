import fc from 'fast-check';
import type { Chance } from './chance.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Path = readonly (string | number)[];

/** Any JSON at all, always the same. */
const anything = fc.sample(fc.jsonValue({ maxDepth: 3 }), { seed: 7, numRuns: 300 }) as Json[];

/** One of them, as a copy: later changes of the document must not reach the next one. */
function anyJson(chance: Chance): Json {
  return structuredClone(chance.of(anything));
}

const numbers = [
  0,
  -0,
  1,
  -1,
  0.5,
  2,
  16,
  33,
  1024,
  1e6,
  2 ** 31,
  2 ** 53,
  1e100,
  -1e100,
  1e308,
  -1e308,
  5e-324,
  1e-300,
];
const texts = [
  '',
  'linear',
  'logistic',
  'plain',
  'encrypted',
  '__proto__',
  'constructor',
  '\u0000',
  '\ud800',
  'é',
  'x'.repeat(300),
];

/** An honest document with one to three changes, as `JSON.parse` gives it. */
export function mutatedJson(honest: unknown, chance: Chance): unknown {
  let document = structuredClone(honest) as Json;
  const changes = chance.of([1, 1, 1, 2, 3]);
  for (let change = 0; change < changes; change++) document = changed(document, chance);
  return document;
}

/** The same as bytes: canonical or not, or no JSON at all where the bytes are changed afterwards. */
export function jsonText(document: unknown, chance: Chance): Uint8Array {
  if (chance.below(100) === 0) return Buffer.from(nested(chance.of([1000, 100_000])));
  const space = chance.below(8) === 0 ? 1 : undefined;
  return Buffer.from(
    JSON.stringify(chance.below(4) === 0 ? document : sorted(document as Json), null, space),
  );
}

/** So many arrays in one another: a reader that calls itself for each would run out of stack. */
function nested(depth: number): string {
  return `${'['.repeat(depth)}${']'.repeat(depth)}`;
}

function sorted(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(sorted);
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name] ?? null)]));
}

function changed(document: Json, chance: Chance): Json {
  const paths = [...pathsOf(document, [])];
  const path = chance.of(paths);
  const name = path.at(-1);
  if (name === undefined) return otherValue(document, chance);
  const parent = path
    .slice(0, -1)
    .reduce((value: Json, key) => (value as Record<string, Json>)[key] ?? null, document);
  if (Array.isArray(parent)) changeItem(parent, Number(name), chance);
  else changeField(parent as Record<string, Json>, String(name), chance);
  return document;
}

function changeItem(items: Json[], place: number, chance: Chance): void {
  const item = items[place] ?? null;
  const kind = chance.below(6);
  if (kind === 0) items.splice(place, 1);
  else if (kind === 1) items.splice(place, 0, item);
  else if (kind === 2)
    items.push(
      ...new Array<Json>(chance.of(items.length > 1000 ? [1] : [1, 31, 1000, 20_000])).fill(
        chance.below(2) === 0 ? item : otherValue(item, chance),
      ),
    );
  else items[place] = otherValue(item, chance);
}

function changeField(fields: Record<string, Json>, name: string, chance: Chance): void {
  const kind = chance.below(8);
  // As JSON.parse makes it: an own field, whatever its name.
  const define = (key: string, value: Json): void => {
    Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true });
  };
  if (kind === 0) Reflect.deleteProperty(fields, name);
  else if (kind === 1) define(chance.of(texts), anyJson(chance));
  else define(name, otherValue(fields[name] ?? null, chance));
}

function otherValue(value: Json, chance: Chance): Json {
  if (typeof value === 'number' && chance.below(4) > 0)
    return chance.of([
      chance.of(numbers),
      value + 1,
      value - 1,
      -value,
      value * (1 + 2 ** -40),
      value * 1e9,
      1 / value || 0,
    ]);
  if (typeof value === 'string' && chance.below(4) > 0)
    return chance.of([chance.of(texts), value.slice(1), value + value, value.toUpperCase()]);
  if (Array.isArray(value) && chance.below(2) > 0)
    return chance.of<Json>([[], value.slice(1), [...value, ...value], [value]]);
  return anyJson(chance);
}

/** All places of a document; of long arrays some. */
function* pathsOf(value: Json, path: Path): Generator<Path> {
  yield path;
  if (value === null || typeof value !== 'object') return;
  const entries = Object.entries(value).slice(0, 40);
  for (const [name, field] of entries) yield* pathsOf(field, [...path, name]);
}
