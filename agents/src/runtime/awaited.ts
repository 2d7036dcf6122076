import type { Waiting, WaitingKind } from '@veritrain/client-sdk';

/**
 * What can be missing off the ledger: an update that was to be uploaded, the model of an attempt, the template and the
 * program, or the vault itself.
 */
export const offLedgerKinds = ['update', 'model', 'documents', 'vault'] as const;
export type OffLedgerKind = (typeof offLedgerKinds)[number];

/** Something that an agent waits for: what the ledger says, or something off it, which has no deadline. */
export interface Awaited extends Pick<Waiting, 'attempt' | 'subsetIndex' | 'whom' | 'until'> {
  readonly kind: WaitingKind | OffLedgerKind;
  /** Why it cannot be had, where something failed. */
  readonly code?: string | undefined;
  /** What anyone may call after the deadline; null or nothing where nothing needs to be. */
  readonly thenAnyone?: string | null | undefined;
}
