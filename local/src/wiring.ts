import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConnection } from '@veritrain/member/enrolment';
import { startLedgerProcess, type LedgerProcess, type LedgerProcessOptions } from './ledgerProcess.js';

const folderOf = (name: string): string =>
  dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`)));

/** Folder of the market's contract. */
export const marketChaincode = (): string => folderOf('@veritrain/chaincode');

/**
 * Starts the embedded ledger as a process of its own that ends with this one, with the market's contract unless
 * another chaincode's folder is named. A ledger that is started again listens on the ports that it had, which its
 * members remember.
 */
export const startEmbeddedLedger = ({
  chaincode = marketChaincode(),
  ...options
}: Omit<LedgerProcessOptions, 'program' | 'chaincode'> &
  Partial<Pick<LedgerProcessOptions, 'chaincode'>>): Promise<LedgerProcess> =>
  startLedgerProcess({
    ...portsOf(options.data),
    ...options,
    program: join(folderOf('@veritrain/embedded-ledger'), 'dist', 'cli.js'),
    chaincode,
  });

/** The ports of the ledger that the folder holds, if it holds one. */
function portsOf(data: string): { port?: number; caPort?: number } {
  if (!existsSync(join(data, 'connection.json'))) return {};
  const known = readConnection(data);
  if (!('gateway' in known) || known.ca === undefined) return {};
  const portOf = (address: string): number => Number(address.split(':').at(-1));
  return { port: portOf(known.gateway), caPort: portOf(known.ca) };
}
