import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConnection } from '@veritrain/member/enrolment';
import { startLedgerProcess, type LedgerProcess, type LedgerProcessOptions } from './ledgerProcess.js';

export type { LedgerProcess } from './ledgerProcess.js';

const fileOf = (name: string): string => fileURLToPath(import.meta.resolve(name));

/** Folder of the market's contract. */
export const marketChaincode = (): string => dirname(fileOf('@veritrain/chaincode/package.json'));

/**
 * Starts the embedded ledger as a process of its own that ends with this one, with the market's contract where no folder of
 * another chaincode is named. One that is started again listens where it did: members keep its addresses.
 */
export function startEmbeddedLedger({
  chaincode = marketChaincode(),
  ...options
}: Omit<LedgerProcessOptions, 'program' | 'chaincode'> &
  Partial<Pick<LedgerProcessOptions, 'chaincode'>>): Promise<LedgerProcess> {
  const ledger = dirname(fileOf('@veritrain/embedded-ledger/package.json'));
  return startLedgerProcess({
    ...portsOf(options.data),
    ...options,
    program: `${ledger}/dist/cli.js`,
    chaincode,
  });
}

/** Of the ledger that the folder holds; none where it holds none. */
function portsOf(data: string): { port?: number; caPort?: number } {
  if (!existsSync(join(data, 'connection.json'))) return {};
  const known = readConnection(data);
  if (!('gateway' in known) || known.ca === undefined) return {};
  const portOf = (address: string): number => Number(address.split(':').at(-1));
  return { port: portOf(known.gateway), caPort: portOf(known.ca) };
}
