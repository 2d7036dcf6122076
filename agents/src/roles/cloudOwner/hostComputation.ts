import type { RoundView, TrainCouple } from '@veritrain/client-sdk';
import { getSealed } from '@veritrain/client-sdk/vault';
import {
  isOpenedByProgram,
  messageSizes,
  trainOnShard,
  type DataPackage,
  type TrainingProgram,
} from '@veritrain/training';
import { agreedProgram, templateOf } from '@veritrain/member/models';
import { openInstancePackage } from '@veritrain/member/instances';
import { getPublicDocument } from '@veritrain/member/vault';
import { within } from '../../runtime/timeLimit.js';
import { factsOf, type HostJob } from './hostUpdate.js';
import type { RoleContext } from '../role.js';

interface Inputs {
  readonly heKey: Uint8Array;
  readonly model: Uint8Array;
}

/** A model that was fetched. */
interface HeldModel {
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/**
 * Computes updates. It keeps in memory what every round needs again, and one model. The size of a program's messages is
 * known before they are fetched, so a larger object is refused before any byte of it is decrypted.
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
   * @throws OBJECT_MISSING, DIGEST_MISMATCH, VAULT_TOO_SLOW where the model cannot be fetched; OBJECT_TOO_LARGE,
   *   TrainingError where it cannot be used; OTHER_PROGRAM where the program is not the one in the terms
   */
  async compute(job: HostJob, signal: AbortSignal): Promise<Uint8Array> {
    const { couple, round } = job;
    const program = await within(limitOf(round, signal), (own) => this.programOf(couple, own));
    // Without a time limit: it comes from this host's own disk, as does the template after its first fetch.
    const dataPackage = await this.packageOf(job, program, signal);
    const { heKey, model } = await this.fetchInputs(job, program, dataPackage.features, signal);
    return this.context.steps.run('computeUpdate', factsOf(job), () =>
      trainOnShard({
        package: dataPackage,
        program,
        model,
        heKey,
        ...this.context.market.place,
        couple: couple.coupleId,
        attempt: round.attempt,
      }),
    );
  }

  /** The couple ended. */
  forget(coupleId: string): void {
    this.programs.delete(coupleId);
    this.heKeys.delete(coupleId);
    for (const key of this.packages.keys()) if (key.endsWith(`/${coupleId}`)) this.packages.delete(key);
  }

  /** Ends in time to report the model unavailable, whatever the vault does. */
  private fetchInputs(
    { couple, round }: HostJob,
    program: TrainingProgram,
    features: number,
    signal: AbortSignal,
  ): Promise<Inputs> {
    const { keyBytes, modelBytes } = messageSizes(program, features);
    return within(limitOf(round, signal), async (own) => {
      const heKey = await this.heKeyOf(couple, keyBytes, own);
      return { heKey, model: await this.modelOf(round, modelBytes, own) };
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
    const heKey = await getPublicDocument(this.context.market, reference, signal);
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
      const bytes = await getSealed(this.context.market, modelHandle, { digest, maxBytes, signal });
      note({ bytes: bytes.length });
      return bytes;
    });
  }

  /** Read once: training needs little of a package, however many rows it has. */
  private packageOf(
    { couple, slot: { instanceId, generation } }: HostJob,
    program: TrainingProgram,
    signal: AbortSignal,
  ): Promise<DataPackage> {
    const { family } = program;
    const isOwn = isOpenedByProgram(program);
    const key = `${instanceId}/${generation.toString()}/${isOwn ? couple.coupleId : family}`;
    const known = this.packages.get(key);
    if (known !== undefined) return known;
    const opened = isOwn
      ? this.openForProgram({ instanceId, datasetId: couple.datasetId }, program, signal)
      : openInstancePackage(this.context.member, instanceId, { signal, family });
    this.packages.set(key, opened);
    opened.catch(() => this.packages.delete(key));
    return opened;
  }

  /** Of a program that maps columns, or whose sums follow from its head: the template says what columns and classes mean. */
  private async openForProgram(
    { instanceId, datasetId }: { readonly instanceId: string; readonly datasetId: string },
    program: TrainingProgram,
    signal: AbortSignal,
  ): Promise<DataPackage> {
    const { member } = this.context;
    const template = await templateOf(member, datasetId, { signal });
    return openInstancePackage(member, instanceId, { signal, program, template });
  }
}

const limitOf = (round: RoundView, signal: AbortSignal) => ({
  ms: timeToFetch(round),
  what: 'the model of a round',
  signal,
});

/** Until half of the time to commit is over; after that, an eighth of it. */
function timeToFetch({ phases }: RoundView): number {
  const { durationMs = 0, dueAt = null } = phases?.commit ?? {};
  const minMs = durationMs / 8;
  return dueAt === null ? 2 * minMs : Math.max(minMs, dueAt - durationMs / 2 - Date.now());
}
