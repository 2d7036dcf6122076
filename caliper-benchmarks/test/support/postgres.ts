import { createRequire } from 'node:module';
import { describe } from 'vitest';
import { whyNoPostgres } from '../../command/postgres/programs.js';

declare module 'vitest' {
  interface TaskMeta {
    /** Why it was left out. */
    reason?: string;
  }
}

/** The driver comes with Caliper, which is not there where the registry does not answer. */
function whyNoDriver(): string | undefined {
  try {
    createRequire(import.meta.url).resolve('pg');
    return undefined;
  } catch {
    return 'PostgreSQL’s driver is not installed: npm run bench:caliper';
  }
}

/** Tests that need PostgreSQL: left out, counted and named where it is not on this machine. */
export function describePostgres(name: string, tests: () => void): void {
  const reason = whyNoPostgres() ?? whyNoDriver();
  describe.skipIf(reason !== undefined)(name, { meta: { reason: reason ?? '' } }, tests);
}
