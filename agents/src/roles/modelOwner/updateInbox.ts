import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isVeritrainError, type RoundView, type TrainCouple, type TrainJob } from '@veritrain/client-sdk';
import {
  decodeLocation,
  decryptObject,
  encryptObject,
  type ObjectLocation,
  objectOverheadBytes,
} from '@veritrain/client-sdk/keys';
import { hasQuorum, openings, type SubsetAnswers } from '@veritrain/client-sdk/protocol';
import { digestOf } from '@veritrain/client-sdk/vault';
import { TrainingError } from '@veritrain/training';
import { isOutOfReach } from '@veritrain/member/vault';
import { describeFailure } from '../../runtime/failure.js';
import { readIfThere, writeAtomically } from '@veritrain/member/home';
import { within } from '../../runtime/timeLimit.js';
import { openKept } from '../shared/keptObject.js';
import type { RoleContext } from '../role.js';

/** The public form of a couple's updates, which anyone can check. */
export interface UpdateForm {
  readonly maxBytes: number;
  /** @throws TrainingError where the bytes are no update of the attempt and subset */
  check(bytes: Uint8Array, attempt: number, subset: number): void;
}

/** For a round without deadlines, ms. */
const maxFetchMs = 30_000;

/** An update that a quorum of a subset's commitments open. */
export interface WinningUpdate {
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/** What a subset's hosts answered in a round, for the verdict functions. */
const answersOf = (
  { market }: RoleContext,
  couple: TrainCouple,
  round: RoundView,
  subsetIndex: number,
): SubsetAnswers | undefined => {
  const drawn = round.drawn.find((subset) => subset.subsetIndex === subsetIndex);
  if (drawn === undefined) return undefined;
  const jobs = round.jobs.filter((job) => job.subsetIndex === subsetIndex);
  return { place: market.place, drawn, replicas: couple.terms.replicas, jobs };
};

/** The digest of the bytes at a job's location; null where they are no update. */
type Delivery = string | null;

/**
 * Fetches updates, of one replica for each subset: the first that a quorum of the subset's commitments opens with and that
 * is an update by its public form. It is kept on disk, encrypted, until it is in the model, so that a subset that was
 * closed with its digest can always be applied. A location names its bytes by their digest, so they are fetched once.
 */
export class UpdateInbox {
  /** By location, not by job: a peer may name a false location for a job. */
  private readonly deliveries = new Map<string, Delivery>();
  /** How often the fetch of each job's update failed. Those with the most failures are tried last. */
  private readonly failures = new Map<string, number>();

  constructor(
    private readonly context: RoleContext,
    private readonly couple: TrainCouple,
    private readonly form: UpdateForm,
  ) {}

  /**
   * The winning update of a subset; undefined while none can be fetched. A kept update has to win in this record of the
   * round too: it may have been kept on one peer's word.
   */
  async winner(
    round: RoundView,
    subsetIndex: number,
    signal: AbortSignal,
  ): Promise<WinningUpdate | undefined> {
    const answers = answersOf(this.context, this.couple, round, subsetIndex);
    if (answers === undefined) return undefined;
    const kept = this.kept(round.attempt, subsetIndex);
    if (kept !== undefined && canWin(answers, kept.digest)) return kept;
    for (const job of this.inTurn(answers.jobs)) {
      const known = this.deliveries.get(locationOf(job));
      if (known !== undefined && !canWin(answers, known)) continue;
      const bytes = await this.fetch(job, timeToFetch(round, answers), signal);
      if (bytes === undefined) continue;
      const digest = digestOf(bytes);
      const delivery = this.isUpdate(bytes, digest, job) ? digest : null;
      this.deliveries.set(locationOf(job), delivery);
      if (!canWin(answers, delivery)) continue;
      this.keep(round.attempt, subsetIndex, bytes);
      return { digest, bytes };
    }
    return undefined;
  }

  /** The updates of an attempt are in the model. */
  forget(attempt: number): void {
    rmSync(this.folder(attempt), { recursive: true, force: true });
    this.deliveries.clear();
    this.failures.clear();
  }

  private inTurn(jobs: readonly TrainJob[]): TrainJob[] {
    const failuresOf = ({ jobId }: TrainJob): number => this.failures.get(jobId) ?? 0;
    return jobs
      .filter(({ sealed }) => sealed !== null)
      .toSorted((left, right) => failuresOf(left) - failuresOf(right));
  }

  /** One replica's update; undefined where it is missing, was changed, or is sealed to another reader. */
  private async fetch(job: TrainJob, ms: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const { coupleId, attempt, subsetIndex: subset, instanceId } = job;
    try {
      const location = await this.openLocation(job);
      const limit = { ms, what: 'an update', signal };
      const object = await within(limit, (own) => this.download(job, location, own));
      return object && decryptObject(location.key, object, job.jobId);
    } catch (error) {
      const isFinal = isVeritrainError(error, 'VT8203', 'VT8401');
      if (!isOutOfReach(error) && !isFinal) throw error;
      if (isFinal) this.deliveries.set(locationOf(job), null);
      this.failures.set(job.jobId, (this.failures.get(job.jobId) ?? 0) + 1);
      const { code, message } = describeFailure(error);
      this.context.logger.warn({ code, message, coupleId, attempt, subset, instanceId }, 'update unusable');
      return undefined;
    }
  }

  private async openLocation(job: TrainJob): Promise<ObjectLocation> {
    return decodeLocation(await this.context.market.keyring.open(locationOf(job)));
  }

  private async download(
    { coupleId, attempt, subsetIndex: subset, instanceId }: TrainJob,
    { handle, digest }: ObjectLocation,
    signal: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    const { vault } = this.context.market;
    if (!(await vault.has(handle, { signal }))) return undefined;
    const facts = { coupleId, attempt, subset, instanceId };
    return this.context.steps.run('downloadUpdates', facts, async (note) => {
      const maxBytes = this.form.maxBytes + objectOverheadBytes;
      const object = await vault.get(handle, { digest, maxBytes, sealed: true, signal });
      note({ bytes: object.length });
      return object;
    });
  }

  private isUpdate(bytes: Uint8Array, digest: string, job: TrainJob): boolean {
    const { coupleId, attempt, subsetIndex: subset, instanceId } = job;
    try {
      this.form.check(bytes, attempt, subset);
      return true;
    } catch (error) {
      if (!(error instanceof TrainingError)) throw error;
      const facts = { coupleId, attempt, subset, instanceId, digest, cause: error.code };
      this.context.logger.warn({ code: 'VT9242', ...facts, message: error.message }, 'no update');
      return false;
    }
  }

  private kept(attempt: number, subset: number): WinningUpdate | undefined {
    const object = readIfThere(this.path(attempt, subset));
    const bytes = object && openKept(this.key(attempt), object, subset.toString());
    return bytes && { digest: digestOf(bytes), bytes };
  }

  private keep(attempt: number, subsetIndex: number, bytes: Uint8Array): void {
    const object = encryptObject(this.key(attempt), bytes, subsetIndex.toString());
    writeAtomically(this.path(attempt, subsetIndex), object);
  }

  private key(attempt: number): Uint8Array {
    return this.context.market.keyring.derive('inbox', this.couple.coupleId, attempt.toString());
  }

  private folder(attempt: number): string {
    const { folder } = this.context.member.home.couple(this.couple.coupleId);
    return join(folder, 'inbox', attempt.toString());
  }

  private path(attempt: number, subsetIndex: number): string {
    return join(this.folder(attempt), subsetIndex.toString());
  }
}

/** Where the job's update lies, sealed to the model owner. */
const locationOf = ({ sealed }: TrainJob): string => sealed ?? '';

/** Whether the delivered bytes are an update that a quorum of the subset's commitments opens with. */
const canWin = (answers: SubsetAnswers, delivery: Delivery): boolean =>
  delivery !== null && hasQuorum(answers, openings(answers, delivery));

/** A fetch that hangs leaves time for its sisters before the round has to be closed. */
function timeToFetch({ deadlines }: RoundView, { drawn }: SubsetAnswers): number {
  if (deadlines === null) return maxFetchMs;
  return Math.min(maxFetchMs, (deadlines.closeMs - deadlines.commitMs) / (drawn.slots.length + 1));
}
