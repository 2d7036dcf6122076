import { isIPv6, type Server } from 'node:net';
import { LedgerError, messageOf } from './errors.js';
import type { TlsIdentity } from './identity/tlsIdentities.js';

/** Where a server listens, and what it shows to those who connect; plain without a TLS identity. */
export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsIdentity | undefined;
}

/** Listens and returns host:port. @throws LedgerError PORT_IN_USE, ADDRESS_UNUSABLE */
export async function listen(
  server: Server,
  { host, port, tls }: ListenOptions,
  what: string,
): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(cannotListen(host, port, what, error));
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
  return hostAndPort(tls !== undefined && host === '127.0.0.1' ? 'localhost' : host, port);
}

/** An IPv6 address stands in brackets: its colons would run into the port's. */
export const hostAndPort = (host: string, port: number): string =>
  `${isIPv6(host) ? `[${host}]` : host}:${String(port)}`;

export function cannotListen(host: string, port: number, what: string, cause: unknown): LedgerError {
  const facts = { host, port, reason: messageOf(cause) };
  return (cause as NodeJS.ErrnoException).code === 'EADDRINUSE'
    ? new LedgerError(
        'PORT_IN_USE',
        `the ${what} cannot listen there: another program does`,
        'Give another port, or 0 for a free one.',
        facts,
        { cause },
      )
    : new LedgerError(
        'ADDRESS_UNUSABLE',
        `the ${what} cannot listen there`,
        'Give a --host that is an address of this machine; ports below 1024 may be kept to root.',
        facts,
        { cause },
      );
}
