import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { NetworkError } from '../errors.js';
import { fabricVersions } from './options.js';

const port = z.number().int().min(1).max(65_535);

const ordererSchema = z.strictObject({
  number: z.number().int(),
  shortName: z.string(),
  hostName: z.string(),
  ports: z.strictObject({ listen: port, cluster: port, admin: port, operations: port }),
});

const peerSchema = z.strictObject({
  shortName: z.string(),
  hostName: z.string(),
  ports: z.strictObject({ listen: port, chaincode: port, operations: port }),
});

const authoritySchema = z.strictObject({
  /** The name that clients use. */
  name: z.string(),
  ports: z.strictObject({ listen: port, operations: port }),
});

/** The ports of an organisation in another data centre. */
const distanceSchema = z.strictObject({
  ports: z.strictObject({
    /** Other nodes reach the peer at this port. */
    inbound: port,
    /** The peer's proxy to others. */
    outbound: port,
  }),
});

/** One version of a chaincode that is or was deployed. */
const deploymentSchema = z.strictObject({
  name: z.string(),
  /** Lifecycle sequence, from 1. */
  sequence: z.number().int().min(1),
  /** Folder that the servers run in. */
  folder: z.string(),
  servers: z.array(z.strictObject({ domain: z.string(), port, packageId: z.string() })),
});

/** The configuration of a network and its ports. Only the deployments change later. */
const networkFileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  version: z.enum(fabricVersions),
  channel: z.string(),
  consensus: z.enum(['raft', 'bft']),
  tls: z.boolean(),
  ca: z.boolean(),
  batchTimeoutMs: z.number().int(),
  /** Round trip to the distant organisations. A network from an earlier version has none. */
  delayMs: z.number().int().default(0),
  ordering: z.strictObject({
    domain: z.string(),
    mspId: z.string(),
    orderers: z.array(ordererSchema),
    authority: authoritySchema.optional(),
  }),
  organizations: z.array(
    z.strictObject({
      name: z.string(),
      domain: z.string(),
      mspId: z.string(),
      peer: peerSchema,
      distance: distanceSchema.optional(),
      authority: authoritySchema.optional(),
    }),
  ),
  deployments: z.array(deploymentSchema),
});

export type NetworkFile = z.infer<typeof networkFileSchema>;
export type Orderer = z.infer<typeof ordererSchema>;

export type Authority = z.infer<typeof authoritySchema>;
export type Organization = NetworkFile['organizations'][number];
export type Deployment = z.infer<typeof deploymentSchema>;

const pathIn = (folder: string): string => join(folder, 'network.json');

export const hasNetwork = (folder: string): boolean => existsSync(pathIn(folder));

/** @throws NetworkError NETWORK_MISSING, NETWORK_UNREADABLE */
export function readNetworkFile(folder: string): NetworkFile {
  const path = pathIn(folder);
  if (!existsSync(path))
    throw new NetworkError('VT9505', `There is no network in ${folder}.`, { facts: { folder } });
  const text = readFileSync(path, 'utf8');
  try {
    return networkFileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new NetworkError('VT9506', `${path} does not describe a network.`, { facts: { path }, cause });
  }
}

export function writeNetworkFile(folder: string, network: NetworkFile): void {
  writeFile(pathIn(folder), `${JSON.stringify(network, null, 2)}\n`);
}

/** Writes the whole file or nothing, so a reader never sees half a file. */
export function writeFile(path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(`${path}.new`, content, { mode });
    renameSync(`${path}.new`, path);
  } catch (error) {
    // The system's error of a write names no file, or the temporary one.
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  }
}
