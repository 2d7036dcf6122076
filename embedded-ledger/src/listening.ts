import type { Server } from 'node:net';
import { LedgerError } from './errors.js';
import type { TlsIdentity } from './identity/tlsIdentities.js';

/** Where a server listens, and what it shows to those who connect; plain without a TLS identity. */
export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsIdentity | undefined;
}

/** Listens and returns host:port. @throws LedgerError PORT_IN_USE */
export async function listen(
  server: Server,
  { host, port, tls }: ListenOptions,
  what: string,
): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(portInUse(host, port, what, error));
    });
    server.listen(port, host, () => {
      resolve();
    });
  });
  const address = server.address();
  const bound = address === null || typeof address === 'string' ? port : address.port;
  return addressOf(host, bound, tls);
}

/** host:port for clients. With TLS a name where there is one: an IP address cannot be asked for in a handshake. */
export function addressOf(host: string, port: number, tls: TlsIdentity | undefined): string {
  const name = tls !== undefined && host === '127.0.0.1' ? 'localhost' : host;
  return `${name}:${String(port)}`;
}

export function portInUse(host: string, port: number, what: string, cause: unknown): LedgerError {
  return new LedgerError(
    'PORT_IN_USE',
    `the ${what} cannot listen there`,
    'Give another port, or 0 for a free one.',
    { host, port },
    { cause },
  );
}
