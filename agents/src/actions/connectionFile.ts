import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import type { GatewayTls } from './connectionProfile.js';
import { parseUserJson, readUserFile } from './files.js';

/** What the embedded ledger prints when it is ready, and keeps in its data folder. */
const connectionSchema = z.object({
  /** `host:port` */
  gateway: z.string().min(1),
  channel: z.string().min(1),
  chaincode: z.string().min(1),
  /** Base address of the certificate authorities. */
  ca: z.url().optional(),
  /** The root certificate of gateway and authorities, as a path; absent where they are plain. */
  tls: z.object({ rootCertificate: z.string().min(1), serverName: z.string().min(1).optional() }).optional(),
  /** Folder in the layout of Fabric's cryptogen. */
  organizations: z.string().optional(),
  registrar: z.object({ enrolmentId: z.string(), secretFile: z.string() }).optional(),
});
export type Connection = z.infer<typeof connectionSchema>;

/**
 * Reads a connection from a file, from a ledger's data folder, or from standard input (`-`). Paths in it start at
 * the file's folder.
 *
 * @throws AgentsError FILE_MISSING, FILE_INVALID
 */
export function readConnection(reference: string): Connection {
  const path = connectionPath(reference);
  const connection = parseUserJson(
    readUserFile(path, 'connection file'),
    connectionSchema,
    path,
    'connection file',
  );
  const folder = path === '-' ? process.cwd() : dirname(resolve(path));
  const at = (given: string): string => (isAbsolute(given) ? given : join(folder, given));
  const { organizations, registrar, tls } = connection;
  return {
    ...connection,
    ...(tls === undefined ? {} : { tls: { ...tls, rootCertificate: at(tls.rootCertificate) } }),
    ...(organizations === undefined ? {} : { organizations: at(organizations) }),
    ...(registrar === undefined ? {} : { registrar: { ...registrar, secretFile: at(registrar.secretFile) } }),
  };
}

/**
 * What the connection says of TLS; `rootCertificate`, a path, stands in for its root.
 *
 * @throws AgentsError FILE_MISSING
 */
export function tlsOf(
  { tls }: Connection,
  rootCertificate = tls?.rootCertificate,
): GatewayTls | undefined {
  if (rootCertificate === undefined) return undefined;
  const rootCertificatePem = readUserFile(rootCertificate, 'root certificate');
  return { rootCertificatePem, serverName: tls?.serverName };
}

function connectionPath(reference: string): string {
  const isFolder = reference !== '-' && existsSync(reference) && statSync(reference).isDirectory();
  return isFolder ? join(reference, 'connection.json') : reference;
}
