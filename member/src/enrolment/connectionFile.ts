import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { parseUserJson, readUserFile } from '../home/userInput.js';
import { hostAndPort, webAddress } from './addresses.js';

const registrarSchema = z.object({
  /** The registrar's own name at the CA. */
  enrolmentId: z.string(),
  /** The path of a file that holds its secret. */
  secretFile: z.string(),
});

/** An embedded ledger prints its connection when it is ready, and keeps it in its data folder. */
const connectionSchema = z.object({
  /** `host:port` */
  gateway: hostAndPort,
  /** The channel's name. */
  channel: z.string().min(1),
  /** The name under which the market's contract is deployed. */
  chaincode: z.string().min(1),
  /** Base address of the certificate authorities. */
  ca: webAddress.optional(),
  /** How to check the certificates of gateway and authorities; absent without TLS. */
  tls: z
    .object({
      /** The path of their root certificate, PEM. */
      rootCertificate: z.string().min(1),
      /** The name in the gateway's certificate, if it differs from the address. */
      serverName: z.string().min(1).optional(),
    })
    .optional(),
  /** Folder in the layout of Fabric's cryptogen. */
  organizations: z.string().optional(),
  /** Registers new members with the CA; only networks for development name one. */
  registrar: registrarSchema.optional(),
});

/** How to reach a market's ledger: what an embedded ledger writes into its `connection.json`. */
export interface Connection extends z.infer<typeof connectionSchema> {}

const networkSchema = z.object({
  /** Folder in the layout of Fabric's cryptogen. */
  organizations: z.string().min(1),
  /** The channel's name. */
  channel: z.string().min(1),
  /** The name under which the market's contract is deployed; absent until it is. */
  chaincode: z.string().min(1).optional(),
  /** Registrars of the Fabric CAs, by domain. */
  registrars: z.record(z.string(), registrarSchema),
});

/** The `connection.json` of a `veritrain network`, where each organisation has its own peer and perhaps its own CA. */
export interface NetworkConnection extends z.infer<typeof networkSchema> {}

/**
 * Reads a connection from a file, from the data folder of a ledger or of a network, or from standard input (`-`).
 * Relative paths in it start at the file's folder.
 *
 * @throws FILE_MISSING, FILE_INVALID
 */
export function readConnection(reference: string): Connection | NetworkConnection {
  const path = connectionPath(reference);
  const what = 'connection file';
  const text = readUserFile(path, what);
  const folder = path === '-' ? process.cwd() : dirname(resolve(path));
  const at = (given: string): string => (isAbsolute(given) ? given : join(folder, given));
  // Report the faults of any other file as those of a ledger's connection.
  const isOfNetwork = networkSchema.safeParse(parseUserJson(text, z.unknown(), path, what));
  if (isOfNetwork.success) return isOfNetwork.data;
  const connection = parseUserJson(text, connectionSchema, path, what);
  const { organizations, registrar, tls } = connection;
  return {
    ...connection,
    ...(tls === undefined ? {} : { tls: { ...tls, rootCertificate: at(tls.rootCertificate) } }),
    ...(organizations === undefined ? {} : { organizations: at(organizations) }),
    ...(registrar === undefined ? {} : { registrar: { ...registrar, secretFile: at(registrar.secretFile) } }),
  };
}

function connectionPath(reference: string): string {
  const isFolder = reference !== '-' && existsSync(reference) && statSync(reference).isDirectory();
  return isFolder ? join(reference, 'connection.json') : reference;
}
