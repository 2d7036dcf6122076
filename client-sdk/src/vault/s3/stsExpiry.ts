import { z } from 'zod';

/** When keys of a Security Token Service expire, as it writes it; in milliseconds of the epoch. */
export const stsExpiry = z.string().transform((text, context) => {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) return at;
  context.addIssue('no date');
  return z.NEVER;
});
