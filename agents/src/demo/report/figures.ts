/** Figures for people: at most `digits` significant digits, thousands apart. */
export function figure(value: number, digits = 6): string {
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e9))
    return value.toExponential(Math.min(digits, 3) - 1);
  return value.toLocaleString('en-US', { maximumSignificantDigits: digits });
}

export const secondsText = (seconds: number): string => `${seconds.toFixed(1)} s`;

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

export function bytesText(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? ''}`;
}

/** First and last eight characters of a digest's hex. */
export function shortDigest(digest: string): string {
  const hex = digest.replace(/^sha256:/, '');
  return `${hex.slice(0, 8)}…${hex.slice(-8)}`;
}

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
