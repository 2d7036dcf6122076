import { isIPv6, type Server } from 'node:net';
import { LedgerError, messageOf } from './errors.js';
import type { TlsIdentity } from './identity/tlsIdentities.js';

/** A server's address and TLS identity; without TLS if it has none. */
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

/** host:port for clients. With TLS it is a name if possible, since a TLS handshake cannot ask for an IP address. */
export function addressOf(host: string, port: number, tls: TlsIdentity | undefined): string {
  return hostAndPort(tls !== undefined && host === '127.0.0.1' ? 'localhost' : host, port);
}

/** An IPv6 address needs brackets, or its colons would run into the port's. */
export const hostAndPort = (host: string, port: number): string =>
  `${isIPv6(host) ? `[${host}]` : host}:${String(port)}`;

export function cannotListen(host: string, port: number, what: string, cause: unknown): LedgerError {
  const facts = { host, port, reason: messageOf(cause) };
  return (cause as NodeJS.ErrnoException).code === 'EADDRINUSE'
    ? new LedgerError(
        'PORT_IN_USE',
        `the ${what} cannot listen there: another program uses the port`,
        'Choose another port, or 0 for a free one.',
        facts,
        { cause },
      )
    : new LedgerError(
        'ADDRESS_UNUSABLE',
        `the ${what} cannot listen there`,
        'Choose a --host that is an address of this machine. Ports below 1024 may be reserved for root.',
        facts,
        { cause },
      );
}
