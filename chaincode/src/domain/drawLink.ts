import { canonicalHash, type LedgerPlace } from './hash.js';

/** The chain of a couple's draws: link a is opened for attempt a; link 0 is the anchor. */
export interface DrawChainFacts extends LedgerPlace {
  readonly coupleId: string;
}

/** The link before `link`: link(a − 1) = hash(place, couple, link(a)). */
export const linkBefore = (facts: DrawChainFacts, link: string): string =>
  canonicalHash('veritrain/draw-link/1', [facts.channel, facts.chaincode, facts.coupleId, link]);

/**
 * The link that lies `steps` before `link`.
 * @param link any digest; the data owner's secret is the last link of the chain, link(attempts)
 */
export function linkSteps(facts: DrawChainFacts, link: string, steps: number): string {
  let current = link;
  for (let step = 0; step < steps; step += 1) current = linkBefore(facts, current);
  return current;
}

/** The anchor of a chain of `attempts` links that ends in the secret `lastLink`. */
export const drawAnchor = (facts: DrawChainFacts, lastLink: string, attempts: number): string =>
  linkSteps(facts, lastLink, attempts);

/** The link to open for `attempt`, of a chain of `attempts` links that ends in the secret `lastLink`. */
export const drawLink = (
  facts: DrawChainFacts,
  lastLink: string,
  attempts: number,
  attempt: number,
): string => linkSteps(facts, lastLink, attempts - attempt);

/**
 * Whether `link` is the link of `attempt`, given a link already known: the anchor (attempt 0) or the last opened.
 */
export const isLinkOf = (
  facts: DrawChainFacts,
  link: string,
  attempt: number,
  known: { readonly attempt: number; readonly link: string },
): boolean => attempt > known.attempt && linkSteps(facts, link, attempt - known.attempt) === known.link;

/** What decides a draw: the owner's link was fixed before the model, the model before the link was opened. */
export interface DrawSeedFacts extends DrawChainFacts {
  readonly attempt: number;
  readonly link: string;
  readonly modelDigest: string;
}

export const drawSeed = (facts: DrawSeedFacts): string =>
  canonicalHash('veritrain/draw-seed/1', [
    facts.channel,
    facts.chaincode,
    facts.coupleId,
    String(facts.attempt),
    facts.link,
    facts.modelDigest,
  ]);
