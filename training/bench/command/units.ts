import type { Benchmark } from '../rows/benchmark.js';

/** A time, in the unit that reads best. */
export function duration(seconds: number): string {
  if (seconds < 0.01) return `${(seconds * 1000).toFixed(1)} ms`;
  if (seconds < 1) return `${(seconds * 1000).toFixed(0)} ms`;
  return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}

/** The time to reach. */
export function goalOf({ goalSeconds }: Pick<Benchmark, 'goalSeconds'>): string {
  return goalSeconds === undefined ? '-' : duration(goalSeconds);
}

/** A number in three or so significant digits. */
export function ratio(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value >= 10 ? value.toFixed(0) : value.toPrecision(2);
}

/** A metric's value, to four places behind the point, or fewer where it is large. */
export function figure(value: number | null): string {
  if (value === null) return '-';
  return Math.abs(value) >= 10 ? value.toFixed(2) : value.toFixed(4);
}

/** Bytes in kB. */
export function kilobytes(bytes: number): string {
  return Math.round(bytes / 1000).toLocaleString('en');
}
