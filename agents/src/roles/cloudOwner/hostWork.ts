import { everyPage, isVeritrainError, type TrainCouple } from '@veritrain/client-sdk';
import { encodeLocation } from '@veritrain/client-sdk/keys';
import { jobIdOf, updateCommitment } from '@veritrain/client-sdk/protocol';
import { digestOf } from '@veritrain/client-sdk/vault';
import { loadEncryption, TrainingError } from '@veritrain/training';
import { isDisagreement } from '@veritrain/member/models';
import { isOutOfReach } from '@veritrain/member/vault';
import { describeFailure, isStopped } from '../../runtime/failure.js';
import { HostComputation } from './hostComputation.js';
import { factsOf, type HostJob, type KeptJob, type KeptUpdate, type UpdateStore } from './hostUpdate.js';
import { mayUpload } from './ownQuorum.js';
import type { Missing, ReconcileContext, RoleContext } from '../role.js';
import { Backoff } from '../../runtime/backoff.js';
import { ObjectKeeper, type RestorableObject } from '../shared/objectKeeper.js';
import { agreedCouples, encryptionKeys } from '../shared/readOnce.js';

/** What SubmitUpdate takes beside the ids of the job. */
interface Commitment {
  nonce: string;
  commitment: string;
  /** Where the update will lie, sealed to the model owner. */
  sealed: string;
}

/** Takes one job of a host as far as it can go now. Every step may be repeated. */
export class HostWork {
  private readonly models = new Backoff(200, 3_000);
  private readonly uploaded = new Set<string>();
  /** Couples that were prepared for. */
  private readonly prepared = new Set<string>();
  private preparing = Promise.resolve();
  private readonly recipients;
  private readonly agreed;
  private readonly keeper: ObjectKeeper;

  constructor(
    private readonly context: RoleContext,
    private readonly updates: UpdateStore,
    private readonly computation = new HostComputation(context),
  ) {
    this.recipients = encryptionKeys(context);
    this.agreed = agreedCouples(context);
    this.keeper = new ObjectKeeper(context);
  }

  /**
   * @param said the job as one peer has it
   * @returns what is missing off the ledger, if anything is
   */
  async advance(said: HostJob, look: ReconcileContext): Promise<Missing | undefined> {
    // The host computes what the parties agreed on, and for them, whatever one peer says.
    const agreed = await this.agreed.of(said.couple.coupleId, look.signal);
    const job = { ...said, couple: { ...said.couple, ...agreed } };
    const answer = job.round.jobs.find(({ jobId }) => jobId === job.jobId);
    if (answer === undefined) return this.answer(job, look);
    if (answer.state === 'committed') await this.deliver(job, look);
    return undefined;
  }

  /** Loads what every computation needs. Where that fails, the computation says so. */
  warmUp(): void {
    loadEncryption().catch((error: unknown) =>
      this.context.logger.debug(describeFailure(error), 'not loaded'),
    );
  }

  /**
   * Makes what the rounds of a couple will need of this host's slots, so that none waits for it. What fails here fails again, and is
   * reported, where a round needs it.
   */
  prepare({ coupleId }: Pick<TrainCouple, 'coupleId'>, signal: AbortSignal): void {
    if (this.prepared.has(coupleId)) return;
    this.prepared.add(coupleId);
    // One after the other: an answer that is due takes turns with one preparation, not with all.
    this.preparing = this.preparing.then(() => this.prepareSlots(coupleId, signal));
  }

  private async prepareSlots(coupleId: string, signal: AbortSignal): Promise<void> {
    if (!this.prepared.has(coupleId)) return;
    try {
      const agreed = await this.agreed.of(coupleId, signal);
      const { datasetId } = agreed;
      const slots = this.context.market.instances.list;
      for await (const slot of everyPage(slots, { datasetId }, { signal }))
        if (slot.participantId === this.context.participantId)
          await this.computation.prepare({ couple: agreed, slot }, signal);
    } catch (error) {
      this.context.logger.debug({ ...describeFailure(error), coupleId }, 'not prepared');
    }
  }

  /** No answer of these attempts counts any more: what computes one stops. */
  endRounds(coupleId: string, isOver: (attempt: number) => boolean): void {
    this.computation.signals.endRounds(coupleId, isOver);
  }

  /** The couple ended, or this host's part of it. */
  forget(coupleId: string): void {
    this.prepared.delete(coupleId);
    this.computation.forget(coupleId);
    this.models.forget(coupleId);
    this.agreed.forget(coupleId);
    this.keeper.forget(coupleId);
    for (const key of this.uploaded) if (key.startsWith(coupleId)) this.uploaded.delete(key);
  }

  /** No member needs the job's update again. */
  discard(job: KeptJob): void {
    this.updates.forget(job);
    this.uploaded.delete(keyOfJob(job));
    this.keeper.forget(keyOfJob(job));
  }

  /** Whether this host uploaded its update of the subset. It holds one slot of a subset at most. */
  hasUploaded(of: Pick<KeptJob, 'coupleId' | 'attempt' | 'subsetIndex'>): boolean {
    const { coupleId, attempt, subsetIndex } = of;
    const ofSlot0 = keyOfJob({ coupleId, jobId: jobIdOf(coupleId, attempt, subsetIndex, 0) });
    const anySlot = ofSlot0.slice(0, -1);
    return [...this.uploaded].some((key) => key.startsWith(anySlot));
  }

  protected async answer(job: HostJob, look: ReconcileContext): Promise<Missing | undefined> {
    return this.isTimeToAnswer(job) ? this.commit(job, look) : undefined;
  }

  protected isTimeToAnswer({ round }: HostJob): boolean {
    return round.phases?.commit.passed !== true;
  }

  protected async commit(job: HostJob, look: ReconcileContext): Promise<Missing | undefined> {
    const { signal } = look;
    try {
      const kept = await this.updateOf(job, look);
      await this.submit(job, await this.commitmentTo(job, kept, signal), signal);
      return undefined;
    } catch (error) {
      return this.withoutInput(job, error, signal);
    }
  }

  /**
   * The kept update, or the same bytes computed again, on the round as a majority of the organisations has it. A host that
   * computes on another model commits to another digest, and is convicted by its own commitment.
   */
  private async updateOf(job: HostJob, { rounds, signal }: ReconcileContext): Promise<KeptUpdate> {
    const kept = this.updates.read(job);
    if (kept !== undefined) return kept;
    const certain = { ...job, round: await rounds.get(job.round.attempt) };
    return this.updates.keep(job, await this.computation.compute(certain, signal));
  }

  private async commitmentTo(job: HostJob, kept: KeptUpdate, signal: AbortSignal): Promise<Commitment> {
    const { keyring } = this.context.market;
    const { participantId } = this.context;
    const { coupleId, modelOwnerId } = job.couple;
    const { attempt } = job.round;
    const { instanceId } = job.slot;
    const nonce = keyring.updateNonce(coupleId, attempt, instanceId);
    const facts = { ...this.context.market.place, coupleId, attempt, instanceId, participantId, nonce };
    const location = { handle: kept.handle, digest: digestOf(kept.object), key: kept.key };
    return {
      nonce,
      commitment: updateCommitment(facts, kept.digest),
      sealed: await keyring.seal(await this.recipients.of(modelOwnerId, signal), encodeLocation(location)),
    };
  }

  protected async submit(job: HostJob, commitment: Commitment, signal: AbortSignal): Promise<void> {
    const { coupleId, attempt } = job.round;
    const { instanceId } = job.slot;
    const input = { coupleId, attempt, instanceId, ...commitment };
    await this.context.steps.run('submitUpdate', factsOf(job), () =>
      this.context.market.jobs.submitUpdate(input, { signal }),
    );
  }

  /**
   * The model, or a document that it needs, is missing or unusable. An unusable one is reported at once; a missing one may
   * still come, until half of the time to commit is over.
   */
  private async withoutInput(
    job: HostJob,
    error: unknown,
    signal: AbortSignal,
  ): Promise<Missing | undefined> {
    const missing = !isUnusable(error) && isOutOfReach(error);
    if (!missing && !isUnusable(error)) throw error;
    if (missing && !(await this.halfOfTimeIsOver(job, signal)))
      return {
        kind: 'model',
        attempt: job.round.attempt,
        code: describeFailure(error).code,
        whom: [job.couple.modelOwnerId],
        requeueAfterMs: this.models.next(keyOf(job)),
      };
    const { coupleId, attempt } = job.round;
    const { instanceId } = job.slot;
    this.context.logger.warn({ ...describeFailure(error), ...factsOf(job) }, 'model unavailable');
    await this.context.steps.run('reportUnavailable', factsOf(job), () =>
      this.context.market.jobs.reportUnavailable({ coupleId, attempt, instanceId }, { signal }),
    );
    return undefined;
  }

  /** By the market's clock or this host's own, whichever is ahead: the market's clock stands still between ticks. */
  private async halfOfTimeIsOver({ round }: HostJob, signal: AbortSignal): Promise<boolean> {
    const commit = round.phases?.commit;
    if (commit?.dueAt == null) return false;
    const { time } = await this.context.market.clock.get({}, { signal });
    return Math.max(time, Date.now()) >= commit.dueAt - commit.durationMs / 2;
  }

  protected async deliver(job: HostJob, look: ReconcileContext): Promise<void> {
    // First, since it needs the ledger alone, and is needed when the vault is out.
    if (mustReveal(job)) await this.reveal(job, look);
    const { subsetIndex } = job.subset;
    const batch = job.round.batches.find(({ subsetIndexes }) => subsetIndexes.includes(subsetIndex));
    if (batch?.quorumReached === true) await this.upload(job, look);
  }

  /** Only with a quorum, in each subset of the batch: with too few commitments the model owner must get nothing. */
  protected async upload(job: HostJob, look: ReconcileContext): Promise<void> {
    const { signal } = look;
    if (!this.uploaded.has(keyOf(job))) {
      const { digest } = await this.updateOf(job, look);
      if (!(await mayUpload(look, job, digest))) return;
    }
    const update = async (): Promise<RestorableObject> => {
      const { object, handle } = await this.updateOf(job, look);
      return {
        what: 'update',
        handle,
        content: object,
        sealed: true,
        step: 'uploadUpdate',
        facts: factsOf(job),
      };
    };
    if (!this.uploaded.has(keyOf(job))) await this.keeper.put(await update(), signal);
    this.uploaded.add(keyOf(job));
    await this.keeper.ensure(keyOf(job), update, signal);
  }

  /** Not on the word of one peer: a sister that may still commit could commit to a revealed digest without work. */
  private async reveal(job: HostJob, look: ReconcileContext): Promise<void> {
    const { coupleId, attempt } = job.round;
    if (!mustReveal({ ...job, round: await look.rounds.get(attempt) })) return;
    const { signal } = look;
    const { digest } = await this.updateOf(job, look);
    const input = { coupleId, attempt, instanceId: job.slot.instanceId, digest };
    await this.context.steps.run('revealUpdate', factsOf(job), () =>
      this.context.market.jobs.revealUpdate(input, { signal }),
    );
  }
}

/** Whether the subset is contested, or was left unclosed, and this host has not revealed its digest yet. */
function mustReveal({ round, subset, slot }: HostJob): boolean {
  const { phases } = round;
  if (phases === null || phases.reveal.passed) return false;
  if (round.reveals.some(({ instanceId }) => instanceId === slot.instanceId)) return false;
  const settlement = round.settlements.find(({ subsetIndex }) => subsetIndex === subset.subsetIndex);
  return settlement === undefined ? phases.close.passed : settlement.state === 'contested';
}

/** Whether no host can or may compute on the input, or it is too large. A package that cannot be read is this host's own fault. */
const isUnusable = (error: unknown): boolean =>
  isDisagreement(error) ||
  isVeritrainError(error, 'VT8205') ||
  (error instanceof TrainingError && error.code !== 'VT7202' && !isStopped(error));

const keyOfJob = ({ coupleId, jobId }: Pick<KeptJob, 'coupleId' | 'jobId'>): string => `${coupleId}/${jobId}`;

const keyOf = ({ couple: { coupleId }, jobId }: HostJob): string => keyOfJob({ coupleId, jobId });
