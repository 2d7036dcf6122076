import type { BatchProgress, RoundView, SubsetProgress } from '@veritrain/client-sdk';
import { subsetsPerClose } from '@veritrain/client-sdk/protocol';
import type { ReconcileContext } from '../role.js';

/** Where a round's updates come from. */
export interface Updates {
  /** The update of a subset that a quorum of commitments opens with, once it can be fetched. */
  winner(
    round: RoundView,
    subsetIndex: number,
    signal: AbortSignal,
  ): Promise<{ readonly digest: string } | undefined>;
}

interface Claim {
  readonly subsetIndex: number;
  readonly claim: string;
}

/** The outcome of an attempt to close a round. */
export interface Closing {
  /** Subsets were closed: the round has changed. */
  readonly closed: boolean;
  /** Subsets whose upload is due and missing. Uploads leave no trace on the ledger. */
  readonly awaited: readonly number[];
}

const nothing: Closing = { closed: false, awaited: [] };

/**
 * Closes what can be closed of a started round: a subset whose update arrived, with its digest; a subset of a batch below
 * a quorum of commitments, which is void whatever the claim; a subset whose update did not come by the upload deadline, as
 * undelivered. Bytes that are no update by their public form count as undelivered, however many hosts committed to them:
 * the subset is contested, and a host that committed to other bytes is not convicted by them. A subset is closed only when
 * all its hosts answered or their time is over, so that no slow host is made absent.
 */
export async function closeRound(
  context: ReconcileContext,
  round: RoundView,
  updates: Updates,
): Promise<Closing> {
  if (round.phases?.close.passed === true) return nothing;
  const { rounds, signal } = context;
  const found = await claimsOn(round, updates, signal);
  if (found.claims.length === 0) return closing(found);
  // A close cannot be undone, so the claims are made again from what a majority of the organisations has.
  const certain = await rounds.get(round.attempt);
  const made = certain === round ? found : await claimsOn(certain, updates, signal);
  await close(context, certain, made.claims);
  return closing(made);
}

interface Claims {
  readonly claims: readonly Claim[];
  readonly awaited: readonly number[];
  /** Errors of the subsets whose updates could not be asked for. */
  readonly failures: readonly Error[];
}

/** What can be claimed of each subset. They are asked concurrently: one whose update does not come holds up no other. */
async function claimsOn(round: RoundView, updates: Updates, signal: AbortSignal): Promise<Claims> {
  const open = round.subsets.filter(
    (progress) => !round.settlements.some(({ subsetIndex }) => subsetIndex === progress.subsetIndex),
  );
  const results = await Promise.allSettled(
    open.map((progress) => claimFor(round, progress, updates, signal)),
  );
  const claims: Claim[] = [];
  const awaited: number[] = [];
  const failures: Error[] = [];
  open.forEach(({ subsetIndex }, index) => {
    const result = results[index];
    if (result?.status === 'rejected') failures.push(result.reason as Error);
    else if (result?.value !== undefined) claims.push({ subsetIndex, claim: result.value });
    else if (batchIn(round, subsetIndex)?.quorumReached === true) awaited.push(subsetIndex);
  });
  return { claims, awaited, failures };
}

function closing({ claims, awaited, failures: [failure] }: Claims): Closing {
  if (failure !== undefined) throw failure;
  return { closed: claims.length > 0, awaited };
}

const batchIn = ({ batches }: RoundView, subsetIndex: number): BatchProgress | undefined =>
  batches.find(({ subsetIndexes }) => subsetIndexes.includes(subsetIndex));

const hasItsAnswers = ({ phases }: RoundView, { slots, commitments, reports }: SubsetProgress): boolean =>
  commitments + reports >= slots || phases?.commit.passed === true;

async function claimFor(
  round: RoundView,
  progress: SubsetProgress,
  updates: Updates,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { subsetIndex } = progress;
  const mayClose = hasItsAnswers(round, progress);
  const batch = batchIn(round, subsetIndex);
  // Before a quorum of the whole batch has committed, no host uploads.
  if (batch?.quorumReached !== true) return mayClose && batch?.outcome === 'void' ? 'undelivered' : undefined;
  // Fetched while the last host still computes, and claimed only when the subset may be closed.
  const winner = await updates.winner(round, subsetIndex, signal);
  if (!mayClose) return undefined;
  if (winner !== undefined) return winner.digest;
  return round.phases?.upload.passed === true ? 'undelivered' : undefined;
}

async function close(
  { view, market, steps, signal }: ReconcileContext,
  { coupleId, attempt }: RoundView,
  claims: readonly Claim[],
): Promise<void> {
  const chunk = subsetsPerClose(view.couple.terms);
  for (let start = 0; start < claims.length; start += chunk) {
    const results = claims.slice(start, start + chunk);
    const facts = { coupleId, attempt, subsets: results.length };
    await steps.run('closeRound', facts, () =>
      market.rounds.close({ coupleId, attempt, results }, { signal }),
    );
  }
}
