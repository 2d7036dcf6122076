import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startLedgerProcess, type LedgerProcess, type LedgerProcessOptions } from './ledgerProcess.js';

export type { LedgerProcess } from './ledgerProcess.js';

const fileOf = (name: string): string => fileURLToPath(import.meta.resolve(name));

/** Folder of the market's contract. */
export const marketChaincode = (): string => dirname(fileOf('@veritrain/chaincode/package.json'));

/**
 * Starts the embedded ledger as a process of its own that ends with this one, with the market's contract where no folder of
 * another chaincode is named.
 */
export function startEmbeddedLedger({
  chaincode = marketChaincode(),
  ...options
}: Omit<LedgerProcessOptions, 'program' | 'chaincode'> &
  Partial<Pick<LedgerProcessOptions, 'chaincode'>>): Promise<LedgerProcess> {
  const ledger = dirname(fileOf('@veritrain/embedded-ledger/package.json'));
  return startLedgerProcess({ ...options, program: `${ledger}/dist/cli.js`, chaincode });
}
