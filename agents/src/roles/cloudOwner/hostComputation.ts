import type { RoundView, TrainCouple } from '@veritrain/client-sdk';
import { getSealed } from '@veritrain/client-sdk/vault';
import { messageSizes, trainOnShard, type DataPackage, type TrainingProgram } from '@veritrain/training';
import { agreedProgram } from '@veritrain/member/models';
import { openInstancePackage } from '@veritrain/member/instances';
import { getPublicDocument } from '@veritrain/member/vault';
import { within } from '../../runtime/timeLimit.js';
import { factsOf, type HostJob } from './hostUpdate.js';
import { marketOf, placeOf, type RoleContext } from '../role.js';

interface Inputs {
  readonly program: TrainingProgram;
  readonly heKey: Uint8Array;
  readonly model: Uint8Array;
}

/** A model that was fetched, and the round that it is of. */
interface HeldModel {
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/**
 * Computes updates; keeps in memory what every round needs again, and one model. How large a program's messages are is
 * known before they are fetched: what is larger is refused before a byte of it is opened.
 */
export class HostComputation {
  private readonly programs = new Map<string, TrainingProgram>();
  private readonly heKeys = new Map<string, Uint8Array>();
  private readonly packages = new Map<string, Promise<DataPackage>>();
  /** The slots of one round share a model. */
  private held: HeldModel | undefined;
  private readonly downloads = new Map<string, Promise<Uint8Array>>();

  constructor(protected readonly context: RoleContext) {}

  /**
   * @throws OBJECT_MISSING, DIGEST_MISMATCH, VAULT_TOO_SLOW where the model cannot be had; OBJECT_TOO_LARGE,
   *   TrainingError where it cannot be used, OTHER_PROGRAM where the program is not what the terms say
   */
  async compute(job: HostJob, signal: AbortSignal): Promise<Uint8Array> {
    const { couple, round, slot } = job;
    // Read from this host's own disk, which takes as long as it takes.
    const dataPackage = await this.packageOf(slot.instanceId, slot.generation, signal);
    const { program, heKey, model } = await this.fetchInputs(job, dataPackage.features, signal);
    return this.context.steps.run('computeUpdate', factsOf(job), () =>
      trainOnShard({
        package: dataPackage,
        program,
        model,
        heKey,
        ...placeOf(this.context),
        couple: couple.coupleId,
        attempt: round.attempt,
      }),
    );
  }

  /** Lets go of what a couple needed. */
  forget(coupleId: string): void {
    this.programs.delete(coupleId);
    this.heKeys.delete(coupleId);
  }

  /** In time to report that they could not be had, whatever the vault does. */
  private fetchInputs(job: HostJob, features: number, signal: AbortSignal): Promise<Inputs> {
    const limit = { ms: timeToFetch(job.round), what: 'the model of a round', signal };
    return within(limit, async (own) => {
      const program = await this.programOf(job.couple, own);
      const { keyBytes, modelBytes } = messageSizes(program, features);
      const heKey = await this.heKeyOf(job.couple, keyBytes, own);
      return { program, heKey, model: await this.modelOf(job.round, modelBytes, own) };
    });
  }

  protected async programOf(couple: TrainCouple, signal: AbortSignal): Promise<TrainingProgram> {
    const { coupleId } = couple;
    const known = this.programs.get(coupleId);
    if (known !== undefined) return known;
    const program = await agreedProgram(this.context.member, couple, { signal });
    this.programs.set(coupleId, program);
    return program;
  }

  private async heKeyOf(
    { coupleId, terms, modelOwnerId: ownerId }: TrainCouple,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    if (terms.heKeyDigest === null) return new Uint8Array();
    const known = this.heKeys.get(coupleId);
    if (known !== undefined) return known;
    const reference = { digest: terms.heKeyDigest, ownerId, maxBytes };
    const heKey = await getPublicDocument(marketOf(this.context), reference, signal);
    this.heKeys.set(coupleId, heKey);
    return heKey;
  }

  private async modelOf(round: RoundView, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    const { modelDigest: digest } = round;
    if (this.held?.digest === digest) return this.held.bytes;
    const underWay = this.downloads.get(digest);
    if (underWay !== undefined) return underWay;
    const download = this.download(round, maxBytes, signal).finally(() => this.downloads.delete(digest));
    this.downloads.set(digest, download);
    const bytes = await download;
    this.held = { digest, bytes };
    return bytes;
  }

  private download(round: RoundView, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    const { coupleId, attempt, modelDigest: digest, modelHandle } = round;
    return this.context.steps.run('fetchModel', { coupleId, attempt }, async (note) => {
      const bytes = await getSealed(marketOf(this.context), modelHandle, { digest, maxBytes, signal });
      note({ bytes: bytes.length });
      return bytes;
    });
  }

  /** Read once: what training needs of a package's rows is small, however many they are. */
  private packageOf(instanceId: string, generation: number, signal: AbortSignal): Promise<DataPackage> {
    const key = `${instanceId}/${generation.toString()}`;
    const known = this.packages.get(key);
    if (known !== undefined) return known;
    const opened = openInstancePackage(this.context.member, instanceId, { signal });
    this.packages.set(key, opened);
    opened.catch(() => this.packages.delete(key));
    return opened;
  }
}

/** Until half of the time to commit is gone; for one that comes later, an eighth of it. */
function timeToFetch({ phases }: RoundView): number {
  const { durationMs = 0, dueAt = null } = phases?.commit ?? {};
  const leastMs = durationMs / 8;
  return dueAt === null ? 2 * leastMs : Math.max(leastMs, dueAt - durationMs / 2 - Date.now());
}
