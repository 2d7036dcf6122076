import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { parseUserJson, readUserFile } from '../home/userInput.js';

/** `host:port`; an IPv6 address stands in brackets. */
const gateway = /^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):(\d{1,5})$/;
const lookLike = 'must look like localhost:7051 or [::1]:7051';

export const hostAndPort = z
  .string()
  .regex(gateway, { abort: true, error: lookLike })
  .refine((address) => hostAndPortOf(address).port <= 65_535, 'has a port above 65535');

/** The parts of a checked address; the host without the brackets of IPv6. */
export function hostAndPortOf(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  return {
    host: address.slice(0, colon).replace(/^\[(.*)\]$/, '$1'),
    port: Number(address.slice(colon + 1)),
  };
}

export const webAddress = z.url({ protocol: /^https?$/, error: 'must look like http://127.0.0.1:7054' });

const registrarSchema = z.object({ enrolmentId: z.string(), secretFile: z.string() });

/** The connection of an embedded ledger, which prints it when it is ready and keeps it in its data folder. */
const connectionSchema = z.object({
  /** `host:port` */
  gateway: hostAndPort,
  channel: z.string().min(1),
  chaincode: z.string().min(1),
  /** Base address of the certificate authorities. */
  ca: webAddress.optional(),
  /** The path of the root certificate of gateway and authorities; absent without TLS. */
  tls: z.object({ rootCertificate: z.string().min(1), serverName: z.string().min(1).optional() }).optional(),
  /** Folder in the layout of Fabric's cryptogen. */
  organizations: z.string().optional(),
  registrar: registrarSchema.optional(),
});
export type Connection = z.infer<typeof connectionSchema>;

/** The connection of a `veritrain network`, where each organisation has its own peer and perhaps its own CA. */
const networkSchema = z.object({
  organizations: z.string().min(1),
  channel: z.string().min(1),
  /** Absent until one is deployed. */
  chaincode: z.string().min(1).optional(),
  /** Registrars of the Fabric CAs, by domain. */
  registrars: z.record(z.string(), registrarSchema),
});
type NetworkConnection = z.infer<typeof networkSchema>;

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
