import type { VeritrainError } from '@veritrain/client-sdk';
import type { LedgerFacts } from './events.js';

export const organizations = 3;

/** The ledger that the demo runs on, as a whole that starts and ends with it. */
export interface DemoLedger {
  readonly facts: LedgerFacts;
  stop(): Promise<void>;
}

/** How the demo keeps a service that agents talk to, a ledger or a vault, while it lasts. */
export interface ServiceOptions {
  /** Folder of its data; a ledger puts the connection file there that tells members the way. */
  readonly data: string;
  /** File that its own words go to. */
  readonly log: string;
  readonly onProgress: (what: string) => void;
  /** Something of it died, and is started again. */
  readonly onRestart: (what: string, how: string) => void;
  readonly onGiveUp: (error: VeritrainError) => void;
  readonly signal: AbortSignal;
}
