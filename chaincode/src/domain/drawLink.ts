import { z } from 'zod';
import { canonicalHash, type LedgerContext } from './hash.js';
import { digest } from './primitives.js';

/** The parties of a couple. Each anchors a draw chain. */
export type DrawSide = 'dataOwner' | 'modelOwner';

/** One side's chain of a couple's draws: link a is opened for attempt a; link 0 is the anchor. */
export interface DrawChainFacts extends LedgerContext {
  readonly coupleId: string;
  /** Part of every link, so neither side can anchor the other's chain as its own. */
  readonly side: DrawSide;
}

/** The link before `link`: link(a − 1) = hash(place, couple, side, link(a)). */
export const linkBefore = (facts: DrawChainFacts, link: string): string =>
  canonicalHash('veritrain/draw-link/2', [facts.channel, facts.chaincode, facts.coupleId, facts.side, link]);

/**
 * The link that lies `steps` before `link`.
 * @param link any digest; the side's secret is the last link of its chain, link(attempts)
 */
export function linkSteps(facts: DrawChainFacts, link: string, steps: number): string {
  let current = link;
  for (let step = 0; step < steps; step += 1) current = linkBefore(facts, current);
  return current;
}

/** The anchor of a chain of `attempts` links whose last link is the secret `lastLink`. */
export const drawAnchor = (facts: DrawChainFacts, lastLink: string, attempts: number): string =>
  linkSteps(facts, lastLink, attempts);

/** The link to open for `attempt`, in a chain of `attempts` links whose last link is the secret `lastLink`. */
export const drawLink = (
  facts: DrawChainFacts,
  lastLink: string,
  attempts: number,
  attempt: number,
): string => linkSteps(facts, lastLink, attempts - attempt);

/** A draw chain as far as the ledger knows it. Links of skipped attempts cannot be used any more. */
export const drawChain = z.strictObject({
  /** The end of the chain, which was on the ledger before any link. */
  anchor: digest,
  /** The last opened link; the anchor as attempt 0 before the first. */
  opened: z.strictObject({
    /** 0 before the first link. */
    attempt: z.int().min(0),
    /** The link of that attempt. */
    link: digest,
  }),
});
/** A draw chain, as the couple has it. */
export interface DrawChain extends z.infer<typeof drawChain> {}

/** A chain of which no link is open. */
export const anchoredChain = (anchor: string): DrawChain => ({
  anchor,
  opened: { attempt: 0, link: anchor },
});

/**
 * The chain after the link of a later attempt is opened; null where the link does not lead back to the last opened one.
 */
export function openLink(
  facts: DrawChainFacts,
  chain: DrawChain,
  attempt: number,
  link: string,
): DrawChain | null {
  const steps = attempt - chain.opened.attempt;
  if (steps < 1 || linkSteps(facts, link, steps) !== chain.opened.link) return null;
  return { anchor: chain.anchor, opened: { attempt, link } };
}

/** The facts that determine a draw. Both sides anchored their chains before either knew a link of the other's. */
export interface DrawSeedFacts extends LedgerContext {
  readonly coupleId: string;
  readonly attempt: number;
  /** The attempt's link of the data owner's chain. */
  readonly dataOwnerLink: string;
  /** The attempt's link of the model owner's chain. */
  readonly modelOwnerLink: string;
  /** Digest of the model that goes out. */
  readonly modelDigest: string;
}

/**
 * What a draw follows from: SHA-256 in canonical encoding over place, couple, attempt, links and model, `sha256:<64
 * hex>`.
 */
export const drawSeed = (facts: DrawSeedFacts): string =>
  canonicalHash('veritrain/draw-seed/2', [
    facts.channel,
    facts.chaincode,
    facts.coupleId,
    String(facts.attempt),
    facts.dataOwnerLink,
    facts.modelOwnerLink,
    facts.modelDigest,
  ]);
