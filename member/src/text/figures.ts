/** Figures for people: at most `digits` significant digits, thousands apart. */
export function figure(value: number, digits = 6): string {
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e9))
    return value.toExponential(Math.min(digits, 3) - 1);
  return value.toLocaleString('en-US', { maximumSignificantDigits: digits });
}

export const secondsText = (seconds: number): string => `${seconds.toFixed(1)} s`;

/** Bytes, with three digits or a little more. */
export function bytesText(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? ''}`;
}

/** A digest or a transaction id as people compare them: first and last eight characters. `--format json` has it whole. */
export function shortDigest(digest: string): string {
  const hex = digest.replace(/^sha256:/, '');
  return hex.length <= 17 ? hex : `${hex.slice(0, 8)}…${hex.slice(-8)}`;
}

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
