import { rehearse, TrainingError, type RehearsalInput, type RehearsalStep } from '@veritrain/training';
import { workOf, type ActionContext } from '../calls/action.js';

/** What members of a training compute, in milliseconds of this machine's clock. */
export interface MeasuredSteps extends Record<RehearsalStep, number> {
  /** A host, once: it makes of the sums over its rows what its replies need. Reading the rows comes before, and is not in it. */
  readonly prepare: number;
  /** The model owner, in a round: it encrypts its query. */
  readonly query: number;
  /** Each host, in a round, all at the same time: it computes its update. */
  readonly reply: number;
  /** The model owner, in a round: it decrypts an update of each drawn subset and takes its step, which depends on the rows a little. */
  readonly apply: number;
}

/** A plan is not worth more waiting. A map of 1,024 features and ten classes takes about three seconds. */
const limitMs = 5_000;

/**
 * Takes the steps of a training on this machine, on a few made-up rows: a reply takes as long whatever the rows. Null where they
 * cannot be taken, for private datasets and encrypted data, and where they take more than five seconds.
 * @throws ABORTED, or the signal's reason
 */
export async function measureRound(
  of: Pick<RehearsalInput, 'program' | 'template' | 'drawn'>,
  { signal, progress }: ActionContext,
): Promise<MeasuredSteps | null> {
  const limit = AbortSignal.timeout(limitMs);
  const work = workOf({
    signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    progress: (line) => progress?.(`measuring on made-up rows: ${line}`),
  });
  const measured = { prepare: 0, query: 0, reply: 0, apply: 0 };
  try {
    const isWhole = await rehearse({ ...of, ...work }, async (step, take) => {
      const startedAt = performance.now();
      const value = await take();
      measured[step] = performance.now() - startedAt;
      return value;
    });
    return isWhole ? measured : null;
  } catch (error) {
    signal?.throwIfAborted();
    // The limit fired, or a family of one's own does not take these rows: no reason to refuse a plan.
    if (error instanceof TrainingError) return null;
    throw error;
  }
}
