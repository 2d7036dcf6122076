/** One check of a member's setup, and its result. */
export interface Check {
  /** What was checked, such as `profile`, `keyring` or `vault`. */
  name: string;
  /** `skipped`: a check that it depends on failed, so it did not run. */
  state: 'passed' | 'failed' | 'skipped';
  /** What the check found, or the reason why it did not run. */
  found: string;
  /** What to do about a failure. */
  fix?: string;
}

export type Found = string | { found: string; fix?: string; state?: Check['state'] };

/** Runs one check. If it throws, the error's hint is the fix. */
export async function check(name: string, look: () => Promise<Found> | Found): Promise<Check> {
  try {
    const found = await look();
    return typeof found === 'string' ? { name, state: 'passed', found } : { name, state: 'failed', ...found };
  } catch (error) {
    const { message, hint } = error as { message?: unknown; hint?: unknown };
    return {
      name,
      state: 'failed',
      found: typeof message === 'string' ? message : 'the check failed',
      ...(typeof hint === 'string' ? { fix: hint } : {}),
    };
  }
}

export const skipped = (found: string, ...names: string[]): Check[] =>
  names.map((name) => ({ name, state: 'skipped', found }));
