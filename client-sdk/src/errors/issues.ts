import type { z } from 'zod';

/** What a schema found, in one line: `vault.endpoint: must look like …; home: …`. It quotes no value. */
export const issuesOf = (error: z.ZodError): string =>
  error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
