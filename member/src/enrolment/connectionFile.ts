import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { hostAndPort, webAddress } from './addresses.js';
import { parseUserJson, readUserFile } from '../home/files.js';

const registrarSchema = z.object({ enrolmentId: z.string(), secretFile: z.string() });

/** What the embedded ledger prints when it is ready, and keeps in its data folder. */
const connectionSchema = z.object({
  /** `host:port` */
  gateway: hostAndPort,
  channel: z.string().min(1),
  chaincode: z.string().min(1),
  /** Base address of the certificate authorities. */
  ca: webAddress.optional(),
  /** The root certificate of gateway and authorities, as a path; absent where they are plain. */
  tls: z.object({ rootCertificate: z.string().min(1), serverName: z.string().min(1).optional() }).optional(),
  /** Folder in the layout of Fabric's cryptogen. */
  organizations: z.string().optional(),
  registrar: registrarSchema.optional(),
});
export type Connection = z.infer<typeof connectionSchema>;

/** What `veritrain network up` leaves: each organisation has a peer, and where asked for a CA, of its own. */
const networkSchema = z.object({
  organizations: z.string().min(1),
  channel: z.string().min(1),
  /** Absent until one is deployed. */
  chaincode: z.string().min(1).optional(),
  /** Registrars of the Fabric CAs, by domain. */
  registrars: z.record(z.string(), registrarSchema),
});
export type NetworkConnection = z.infer<typeof networkSchema>;

/**
 * Reads a connection from a file, from the data folder of a ledger or of a network, or from standard input (`-`).
 * Paths in it start at the file's folder.
 *
 * @throws FILE_MISSING, FILE_INVALID
 */
export function readConnection(reference: string): Connection | NetworkConnection {
  const path = connectionPath(reference);
  const what = 'connection file';
  const text = readUserFile(path, what);
  const folder = path === '-' ? process.cwd() : dirname(resolve(path));
  const at = (given: string): string => (isAbsolute(given) ? given : join(folder, given));
  // Only a network's names registrars; whatever else is wrong is wrong with a ledger's.
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
