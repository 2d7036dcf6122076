import type { VeritrainError } from '@veritrain/client-sdk';
import { type LedgerProcess, startEmbeddedLedger } from '@veritrain/local';
import { localError } from '@veritrain/local/errors';
import type { LedgerFacts } from './events.js';
import { KeptProcess } from './keptProcess.js';

export const organizations = 3;

/** The ledger that the demo runs on, which starts and stops as one. */
export interface DemoLedger {
  readonly facts: LedgerFacts;
  stop(): Promise<void>;
}

/** How the demo keeps a service that agents use, a ledger or a vault. */
export interface ServiceOptions {
  /** Folder of its data. A ledger writes its connection file there. */
  readonly data: string;
  /** File of its log. */
  readonly log: string;
  readonly onProgress: (what: string) => void;
  /** A process of it died, and is started again. */
  readonly onRestart: (what: string, how: string) => void;
  readonly onGiveUp: (error: VeritrainError) => void;
  readonly signal: AbortSignal;
}

/**
 * Keeps an embedded ledger running: if it dies, it is started again, on the same ports and data.
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
