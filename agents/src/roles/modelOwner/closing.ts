import type { RoundView, SubsetProgress, TrainCouple } from '@veritrain/client-sdk';
import { subsetsPerClose } from '@veritrain/client-sdk/protocol';
import { endorsed, marketOf, type RoleContext } from '../role.js';

/** Where a round's updates come from. */
export interface Updates {
  /** The update of a subset that a quorum of commitments opens with, once it is there. */
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

/** What came of trying to close a round. */
export interface Closing {
  /** Subsets were closed: the round looks different now. */
  readonly closed: boolean;
  /** Subsets whose upload is due and not there yet. Uploads leave no trace on the ledger. */
  readonly awaited: readonly number[];
}

const nothing: Closing = { closed: false, awaited: [] };

/**
 * Closes what can be closed of a started round: a subset whose update arrived, with its digest; one under a quorum of
 * commitments, which is void whatever is said; one whose update did not come by the upload deadline, as undelivered.
 * Bytes that are no update by their public form are none that came, however many hosts committed to them: the subset is
 * contested, and a host that committed to something else is not convicted by them. A subset is closed only when all its
 * hosts answered or their time is over, so that no slow host is made absent.
 */
export async function closeRound(
  context: RoleContext,
  couple: TrainCouple,
  round: RoundView,
  updates: Updates,
  signal: AbortSignal,
): Promise<Closing> {
  if (round.phases?.close.passed === true) return nothing;
  const found = await claimsOn(context, round, updates, signal);
  if (found.claims.length === 0) return closing(found);
  // What is closed stays closed, so the claims are made once more from what a majority of the organisations has.
  const { coupleId, attempt } = round;
  const certain = await marketOf(context).rounds.get({ coupleId, attempt }, endorsed(signal));
  const made = await claimsOn(context, certain, updates, signal);
  await close(context, couple, certain, made.claims, signal);
  return closing(made);
}

interface Claims {
  readonly claims: readonly Claim[];
  readonly awaited: readonly number[];
  /** Why nothing could be found out of some subsets. */
  readonly failures: readonly Error[];
}

/** What can be said of each subset, side by side: one whose update does not come holds up no other. */
async function claimsOn(
  context: RoleContext,
  round: RoundView,
  updates: Updates,
  signal: AbortSignal,
): Promise<Claims> {
  const open = round.subsets.filter(
    (progress) => !round.settlements.some(({ subsetIndex }) => subsetIndex === progress.subsetIndex),
  );
  const results = await Promise.allSettled(
    open.map((progress) => claimFor(context, round, progress, updates, signal)),
  );
  const claims: Claim[] = [];
  const awaited: number[] = [];
  const failures: Error[] = [];
  open.forEach(({ subsetIndex, quorumReached }, index) => {
    const result = results[index];
    if (result?.status === 'rejected') failures.push(result.reason as Error);
    else if (result?.value !== undefined) claims.push({ subsetIndex, claim: result.value });
    else if (quorumReached) awaited.push(subsetIndex);
  });
  return { claims, awaited, failures };
}

function closing({ claims, awaited, failures: [failure] }: Claims): Closing {
  if (failure !== undefined) throw failure;
  return { closed: claims.length > 0, awaited };
}

async function claimFor(
  context: RoleContext,
  round: RoundView,
  { subsetIndex, slots, commitments, reports, quorumReached }: SubsetProgress,
  updates: Updates,
  signal: AbortSignal,
): Promise<string | undefined> {
  const mayClose = commitments + reports >= slots || round.phases?.commit.passed === true;
  if (!quorumReached) return mayClose ? 'undelivered' : undefined;
  // Fetched while the last host still computes; said only when it may be.
  const winner = await updates.winner(round, subsetIndex, signal);
  if (!mayClose) return undefined;
  if (winner !== undefined) return winner.digest;
  return round.phases?.upload.passed === true ? 'undelivered' : undefined;
}

async function close(
  context: RoleContext,
  { terms }: TrainCouple,
  { coupleId, attempt }: RoundView,
  claims: readonly Claim[],
  signal: AbortSignal,
): Promise<void> {
  const chunk = subsetsPerClose(terms.replicas);
  for (let start = 0; start < claims.length; start += chunk) {
    const results = claims.slice(start, start + chunk);
    const facts = { coupleId, attempt, subsets: results.length };
    await context.steps.run('closeRound', facts, () =>
      marketOf(context).rounds.close({ coupleId, attempt, results }, { signal }),
    );
  }
}
