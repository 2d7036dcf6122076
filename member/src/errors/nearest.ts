import leven from 'leven';

/** The candidate closest to what the user wrote, or undefined if none is close. */
export function nearest(written: string, candidates: Iterable<string>): string | undefined {
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = leven(written.toLowerCase(), candidate.toLowerCase());
    if (best === undefined || distance < best.distance) best = { candidate, distance };
  }
  if (best === undefined) return undefined;
  const bound = Math.max(2, Math.floor(Math.max(written.length, best.candidate.length) * 0.4));
  return best.distance <= bound ? best.candidate : undefined;
}

/** ` Did you mean x?`, or the empty string. */
export function didYouMean(written: string, candidates: Iterable<string>): string {
  const candidate = nearest(written, candidates);
  return candidate === undefined ? '' : ` Did you mean ${candidate}?`;
}

/** `there are a, b`, for a message about something that was not found. */
export const thereAre = (known: readonly string[]): string =>
  known.length === 0 ? 'there are none' : `there are ${known.join(', ')}`;
