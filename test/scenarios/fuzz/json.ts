import type { Random } from './random.js';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const numbers: readonly number[] = [
  ...[0, -0, -1, 1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, 5e-324, 8.64e15, 8.64e15 + 1],
];
const texts: readonly string[] = [
  ...['', ' ', 'x', '0', '-1', 'null', '\u0000', '\u001b[2J', '\u202e', '\u200b', '\ud800', 'e\u0301', '🙂'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '../../etc/passwd',
    '${1}',
    '{"a":1}',
    "' OR 1",
  ],
  ...['VT0203 NOT_APPROVED: x {"a":1}', 'sha256:', 'x'.repeat(300), 'é'.repeat(5000)],
];
const keys = ['__proto__', 'constructor', 'prototype', 'toString', 'more', '', '\u0000'];

/** What a place is replaced with: another type, length, number or character; or an id of somebody else. */
function rubbish(random: Random, ids: readonly string[]): Json {
  const kinds: (() => Json)[] = [
    () => random.pick([null, true, false]),
    () => random.pick(numbers),
    () => random.below(2 ** 32) - 2 ** 31,
    () => random.pick(texts),
    () => random.pick(ids),
    () => random.bytes(random.below(40)).toString('latin1'),
    () => [],
    () => ({}),
    () => [[[]]],
    () => ({ [random.pick(keys)]: random.pick(texts) }),
    () => Array.from({ length: random.below(300) }, () => random.pick(numbers)),
  ];
  return random.pick(kinds)();
}

/** The value with one place of it, anywhere, changed, left out, doubled, or added. */
export function changed(random: Random, value: Json, ids: readonly string[]): Json {
  if (value === null || typeof value !== 'object' || random.oneIn(12)) return leaf(random, value, ids);
  const entries: [string, Json][] = Array.isArray(value)
    ? value.map((item, index) => [String(index), item])
    : Object.entries(value);
  const at = random.below(entries.length + 1);
  const entry = entries[at];
  if (entry === undefined) entries.push([random.pick(keys), rubbish(random, ids)]);
  else if (random.oneIn(8)) entries.splice(at, 1);
  else if (random.oneIn(12)) entries.push(entry);
  else entries[at] = [entry[0], changed(random, entry[1], ids)];
  if (Array.isArray(value)) return entries.map(([, item]) => item);
  // Defined, not assigned: `__proto__` is to be a name like any other.
  const result = {};
  for (const [key, item] of entries)
    Object.defineProperty(result, key, { value: item, enumerable: true, configurable: true, writable: true });
  return result;
}

/** Mostly something that differs little: the same id of somebody else, a digit, a letter, a number beside. */
function leaf(random: Random, value: Json, ids: readonly string[]): Json {
  if (random.oneIn(3)) return rubbish(random, ids);
  if (typeof value === 'number') return value + random.pick([-1, 1, 0.5, 1e9]);
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string') return rubbish(random, ids);
  const alike = ids.filter((id) => id.slice(0, 3) === value.slice(0, 3));
  if (alike.length > 0 && !random.oneIn(3)) return random.pick(alike);
  const at = random.below(value.length + 1);
  return (
    value.slice(0, at) + random.pick(['', '0', 'f', 'Z', '\u0000', '\u00df', value]) + value.slice(at + 1)
  );
}

/** JSON text that no mutation of a value gives: cut, with names twice, without end, deeply nested. */
export function changedText(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  const kinds: (() => string)[] = [
    () => text.slice(0, at),
    () => text.slice(0, at) + random.bytes(1 + random.below(4)).toString('latin1') + text.slice(at),
    () => text.replace('{', '{"__proto__":{"datasetId":1},'),
    () => text.replace('}', ',"datasetId":"ds_x","datasetId":"ds_y"}'),
    () => `\ufeff${text}`,
    () => '['.repeat(random.below(20_000)),
    () => `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`,
    () => text.replace(/:\s*("[^"]*"|\d+)/, ':NaN'),
    () => text.padEnd(random.pick([65_530, 65_536, 65_537, 200_000]), ' '),
    () => `${text.slice(0, -1)},"more":"${'é'.repeat(40_000)}"}`,
  ];
  return random.pick(kinds)();
}
