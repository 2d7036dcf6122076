import leven from 'leven';
import { shown } from './shown.js';

/** ` Did you mean "bmi"?` of the name that looks most like the one asked for; nothing where none is close. */
export function didYouMean(asked: string, names: readonly string[]): string {
  const near = names
    .map((name) => ({ name, distance: leven(asked.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(2, 0.4 * Math.max(asked.length, name.length)))
    .sort((a, b) => a.distance - b.distance)[0];
  return near === undefined ? '' : `. Did you mean ${shown(near.name)}?`;
}
