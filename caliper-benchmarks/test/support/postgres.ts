import { createRequire } from 'node:module';
import { describe } from 'vitest';
import { whyNoPostgres } from '../../command/postgres/programs.js';

declare module 'vitest' {
  interface TaskMeta {
    /** The reason for skipping. */
    reason?: string;
  }
}

/** The driver is installed with Caliper, which is missing if the registry is unreachable. */
function whyNoDriver(): string | undefined {
  try {
    createRequire(import.meta.url).resolve('pg');
    return undefined;
  } catch {
    return 'PostgreSQL’s driver is not installed: npm run bench:caliper';
  }
}

/** Tests that need PostgreSQL. Without it on this machine they are skipped, counted and named. */
export function describePostgres(name: string, tests: () => void): void {
  const reason = whyNoPostgres() ?? whyNoDriver();
  describe.skipIf(reason !== undefined)(name, { meta: { reason: reason ?? '' } }, tests);
}
