import type { Server } from 'node:http';
import { LedgerError } from './errors.js';

/** Listens and returns host:port. @throws LedgerError PORT_IN_USE */
export async function listen(server: Server, host: string, port: number, what: string): Promise<string> {
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
  return `${host}:${String(bound)}`;
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
