import { z } from 'zod';

/** Fabric versions that networks are made of, with the version of Fabric CA that goes with them. */
export const fabricVersions = ['3.1.5', '2.5.16'] as const;
export type FabricVersion = (typeof fabricVersions)[number];
export const authorityVersion = '1.5.21';

/** What a network consists of. It is fixed when the network is made. */
export const networkOptionsSchema = z
  .strictObject({
    version: z.enum(fabricVersions).default('3.1.5'),
    /** `raft`: 1 or 3 orderers, crash tolerant. `bft`: 4 SmartBFT orderers, one of which may lie. */
    consensus: z.enum(['raft', 'bft']).default('raft'),
    orderers: z.union([z.literal(1), z.literal(3), z.literal(4)]).optional(),
    organizations: z.number().int().min(1).max(8).default(3),
    tls: z.boolean().default(true),
    /** Identities from a Fabric CA of each organisation; otherwise from cryptogen. */
    ca: z.boolean().default(false),
    /** Longest wait for more transactions before a block is cut, in milliseconds. */
    batchTimeoutMs: z.number().int().min(1).max(60_000).default(50),
    /**
     * Round trip in milliseconds between every second organisation, which stands in a data centre of its own, and
     * everybody else. 0: all stand together.
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
/** The same as a caller gives them. */
export type NetworkChoices = z.input<typeof networkOptionsSchema>;
