// A table of any size: uniform features, a linear target with noise; the same for the same seed.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** Mulberry32: numbers in [0, 1) that follow from a seed. */
function uniform(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Each cell takes so many characters, with zeros behind its digits. */
const cellOf = (value, characters) => value.toFixed(12).padEnd(characters - 1, '0');

/** The target's weight of feature j. */
export const weightOf = (j) => ((j * 7) % 11) - 5;

/** Writes the table as CSV. @returns its bytes */
export async function writeTable(path, { rows, features, characters, seed }) {
  const file = createWriteStream(path, { highWaterMark: 4 * 1024 * 1024 });
  const draw = uniform(seed);
  const names = Array.from({ length: features }, (_, j) => `x${j}`);
  let text = `${[...names, 'y'].join(',')}\n`;
  for (let row = 0; row < rows; row++) {
    let target = draw() - 0.5;
    for (let j = 0; j < features; j++) {
      const value = Math.round((draw() - 0.5) * 1e12) / 1e12;
      target += weightOf(j) * value;
      text += `${cellOf(value, characters)},`;
    }
    text += `${cellOf(target, characters)}\n`;
    if (text.length < 1024 * 1024) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  file.end(text);
  await finished(file);
  return file.bytesWritten;
}
