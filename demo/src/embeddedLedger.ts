import type { VeritrainError } from '@veritrain/client-sdk';
import { localError } from '@veritrain/local/errors';
import { type LedgerProcess, startEmbeddedLedger } from '@veritrain/local';
import { KeptProcess } from './keptProcess.js';
import { type DemoLedger, type ServiceOptions, organizations } from './ledger.js';

/**
 * The embedded ledger as the demo keeps it: started again, on the same port and data, should it die.
 * @throws LEDGER_FAILED with its last words
 */
export async function startDemoLedger(options: ServiceOptions): Promise<DemoLedger> {
  const { data, signal } = options;
  const kept = await KeptProcess.start<LedgerProcess>({
    ...options,
    what: 'the ledger',
    failed,
    start: (log) => startEmbeddedLedger({ data, organizations, endorse: 'majority', log, signal }),
  });
  return {
    facts: { kind: 'embedded', organizations, gateway: kept.current.gateway },
    stop: () => kept.stop(),
  };
}

const failed = (cause: unknown): VeritrainError =>
  localError('VT9603', cause instanceof Error ? cause.message : 'The ledger stopped.', { cause });
