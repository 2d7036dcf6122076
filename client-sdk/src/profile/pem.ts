import { z } from 'zod';

/** A path, or the PEM text itself. */
export const pemOrPath = z.union([
  z.strictObject({
    /** The path of a PEM file. */
    path: z.string().min(1),
  }),
  z.strictObject({
    /** The PEM text. */
    pem: z.string().startsWith('-----BEGIN '),
  }),
]);

export type PemOrPath = z.infer<typeof pemOrPath>;
