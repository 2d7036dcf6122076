import { z } from 'zod';

/** A path, or the PEM text itself. */
export const pemOrPath = z.union([
  z.strictObject({ path: z.string().min(1) }),
  z.strictObject({ pem: z.string().startsWith('-----BEGIN ') }),
]);

export type PemOrPath = z.infer<typeof pemOrPath>;
