import { type DrawSide, type LedgerContext, drawAnchor, drawLink } from '@veritrain/chaincode/domain';
import type { Keyring } from '../keys/keyring.js';

/** A member's own draw chain of a couple, on the side that it has there. */
export interface OwnDrawChain {
  /** What the request or the approval carries. */
  readonly anchor: string;
  /** The link that opens or starts an attempt, counted from 1. Nobody but the ledger is told it, and not before. */
  link(attempt: number): string;
}

/**
 * Derives a chain, as long as the couple's attempts, from the member's keyring.
 *
 * @param terms the rounds and spare attempts that were asked for. Another length is another chain, so that a lie about them
 *   makes nobody open a later link of the right one
 */
export function ownDrawChain(
  { place, keyring }: { readonly place: LedgerContext; readonly keyring: Keyring },
  side: DrawSide,
  coupleId: string,
  terms: { readonly rounds: number; readonly spareAttempts: number },
): OwnDrawChain {
  const facts = { ...place, coupleId, side };
  const attempts = terms.rounds + terms.spareAttempts;
  const last = keyring.lastDrawLink(side, coupleId, attempts);
  return {
    anchor: drawAnchor(facts, last, attempts),
    link: (attempt) => drawLink(facts, last, attempts, attempt),
  };
}
