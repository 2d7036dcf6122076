import { TrainingError } from '../errors.js';
import type { MessageShape } from '../models/family.js';

/**
 * Passes on what was computed from a state, if all its numbers are finite. A state of honest rounds gives such numbers; one that
 * was changed on the disk may hold numbers whose products overflow, and what comes of them could not be saved as JSON.
 * @throws TrainingError VT7504
 */
export function requireFinite<Value>(value: Value, what: string): Value {
  if (!isFinite(value)) throw new TrainingError('VT7504', `${what} of this state would not be finite`);
  return value;
}

function isFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value !== 'object') return true;
  return Object.values(value).every(isFinite);
}

/** A query that hosts take. @throws TrainingError VT7504 */
export function soundQuery(
  numbers: readonly number[],
  { inputs, vectors = 1, maxInput }: MessageShape,
): Float64Array {
  const isSound =
    numbers.length === inputs * vectors && numbers.every((value) => Math.abs(value) <= maxInput);
  if (!isSound) throw new TrainingError('VT7504', 'the query of this state would be one that hosts refuse');
  return Float64Array.from(numbers);
}
