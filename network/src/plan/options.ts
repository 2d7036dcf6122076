import { z } from 'zod';

/** Supported Fabric versions, each with the version of Fabric CA that belongs to it. */
export const fabricVersions = ['3.1.5', '2.5.16'] as const;
export type FabricVersion = (typeof fabricVersions)[number];
export const authorityVersion = '1.5.21';

/** The configuration of a network, which is fixed when it is created. */
export const networkOptionsSchema = z
  .strictObject({
    version: z.enum(fabricVersions).default('3.1.5'),
    /** `raft`: 1 or 3 orderers, crash tolerant. `bft`: 4 SmartBFT orderers, one of which may lie. */
    consensus: z.enum(['raft', 'bft']).default('raft'),
    orderers: z.union([z.literal(1), z.literal(3), z.literal(4)]).optional(),
    organizations: z.number().int().min(1).max(8).default(3),
    tls: z.boolean().default(true),
    /** Identities from each organisation's Fabric CA; otherwise from cryptogen. */
    ca: z.boolean().default(false),
    /** Maximum wait for more transactions before a block is cut, in milliseconds. */
    batchTimeoutMs: z.number().int().min(1).max(60_000).default(50),
    /**
     * Round trip in milliseconds between every second organisation, each in its own data centre, and all others. With 0
     * all are in one place.
     */
    delayMs: z.number().int().min(0).max(5000).default(0),
    channel: z
      .string()
      .regex(/^[a-z][a-z0-9.-]{0,248}$/)
      .default('market'),
  })
  .transform((given) => ({ ...given, orderers: given.orderers ?? (given.consensus === 'bft' ? 4 : 1) }))
  .refine(({ consensus, orderers }) => (consensus === 'bft') === (orderers === 4), {
    message: 'raft has 1 or 3 orderers, bft has 4',
    path: ['orderers'],
  })
  .refine(({ consensus, version }) => consensus === 'raft' || version.startsWith('3.'), {
    message: 'bft needs Fabric 3',
    path: ['consensus'],
  })
  .refine(({ organizations, delayMs }) => organizations > 1 || delayMs === 0, {
    message: 'a delay needs two organisations',
    path: ['delayMs'],
  });

export type NetworkOptions = z.output<typeof networkOptionsSchema>;
/** The options as a caller gives them. */
export type NetworkChoices = z.input<typeof networkOptionsSchema>;
