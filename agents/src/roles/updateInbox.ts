import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  decodeLocation,
  decryptObject,
  digestOf,
  encryptObject,
  hasQuorum,
  isVeritrainError,
  openings,
  type RoundView,
  type SubsetAnswers,
  type TrainCouple,
  type TrainJob,
} from '@veritrain/client-sdk';
import { isOutOfReach } from '../actions/ownObject.js';
import { describeFailure } from '../runtime/failure.js';
import { readIfThere } from '../runtime/memberHome.js';
import { writeAtomically } from '../runtime/stateFile.js';
import { openKept } from './keptObject.js';
import { marketOf, placeOf, type RoleContext } from './role.js';

/** Larger ones are no updates, bytes. */
const mostUpdateBytes = 1024 * 1024 * 1024;

/** An update that a quorum of a subset's commitments open. */
export interface WinningUpdate {
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/** What a subset's hosts answered in a round, for the verdict functions. */
const answersOf = (
  context: RoleContext,
  couple: TrainCouple,
  round: RoundView,
  subsetIndex: number,
): SubsetAnswers | undefined => {
  const drawn = round.drawn.find((subset) => subset.subsetIndex === subsetIndex);
  if (drawn === undefined) return undefined;
  const jobs = round.jobs.filter((job) => job.subsetIndex === subsetIndex);
  return { place: placeOf(context), drawn, replicas: couple.terms.replicas, jobs };
};

/**
 * Fetches updates: one replica's per subset, the first that a quorum of the subset's commitments open. It is kept,
 * encrypted, until it went into the model, so that a subset that was closed with its digest can always be applied.
 */
export class UpdateInbox {
  constructor(
    private readonly context: RoleContext,
    private readonly couple: TrainCouple,
  ) {}

  /**
   * The winning update of a subset; undefined while none can be had. One that was kept has to win in this very record of
   * the round: what it was kept by may have been one peer's word.
   */
  async winner(
    round: RoundView,
    subsetIndex: number,
    signal: AbortSignal,
  ): Promise<WinningUpdate | undefined> {
    const answers = answersOf(this.context, this.couple, round, subsetIndex);
    const kept = this.kept(round.attempt, subsetIndex);
    if (kept !== undefined && answers !== undefined && hasQuorum(answers, openings(answers, kept.digest)))
      return kept;
    for (const job of answers?.jobs ?? []) {
      const bytes = await this.fetch(job, signal);
      if (bytes === undefined || answers === undefined) continue;
      const digest = digestOf(bytes);
      if (!hasQuorum(answers, openings(answers, digest))) continue;
      this.keep(round.attempt, subsetIndex, bytes);
      return { digest, bytes };
    }
    return undefined;
  }

  /** The updates of an attempt are in the model. */
  forget(attempt: number): void {
    rmSync(this.folder(attempt), { recursive: true, force: true });
  }

  /** One replica's update, or undefined where it is not there (yet), was changed, or is sealed to somebody else. */
  private async fetch(job: TrainJob, signal: AbortSignal): Promise<Uint8Array | undefined> {
    if (job.sealed === null) return undefined;
    const { keyring, vault } = marketOf(this.context);
    const { coupleId, attempt, subsetIndex: subset, instanceId } = job;
    try {
      const { handle, digest, key } = decodeLocation(await keyring.open(job.sealed));
      if (!(await vault.has(handle, { signal }))) return undefined;
      const facts = { coupleId, attempt, subset, instanceId };
      return await this.context.steps.run('downloadUpdates', facts, async (note) => {
        const object = await vault.get(handle, { digest, maxBytes: mostUpdateBytes, sealed: true, signal });
        note({ bytes: object.length });
        return decryptObject(key, object, job.jobId);
      });
    } catch (error) {
      if (!isOutOfReach(error) && !isVeritrainError(error, 'VT8203', 'VT8401')) throw error;
      const { code, message } = describeFailure(error);
      this.context.logger.warn({ code, message, coupleId, attempt, subset, instanceId }, 'update unusable');
      return undefined;
    }
  }

  private kept(attempt: number, subsetIndex: number): WinningUpdate | undefined {
    const object = readIfThere(this.path(attempt, subsetIndex));
    if (object === undefined) return undefined;
    const bytes = openKept(this.key(attempt), object, subsetIndex.toString());
    return bytes && { digest: digestOf(bytes), bytes };
  }

  private keep(attempt: number, subsetIndex: number, bytes: Uint8Array): void {
    const object = encryptObject(this.key(attempt), bytes, subsetIndex.toString());
    writeAtomically(this.path(attempt, subsetIndex), object);
  }

  private key(attempt: number): Uint8Array {
    return marketOf(this.context).keyring.derive('inbox', this.couple.coupleId, attempt.toString());
  }

  private folder(attempt: number): string {
    const { folder } = this.context.member.home.couple(this.couple.coupleId);
    return join(folder, 'inbox', attempt.toString());
  }

  private path(attempt: number, subsetIndex: number): string {
    return join(this.folder(attempt), subsetIndex.toString());
  }
}
