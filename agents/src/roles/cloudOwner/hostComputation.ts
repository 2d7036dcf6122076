import type { DrawnSlot, RoundView, TrainCouple } from '@veritrain/client-sdk';
import { getSealed } from '@veritrain/client-sdk/vault';
import {
  isOpenedByProgram,
  messageSizes,
  prepareShard,
  trainOnShard,
  type DataPackage,
  type TrainingProgram,
  type WorkOptions,
} from '@veritrain/training';
import { agreedProgram, templateOf } from '@veritrain/member/models';
import { openInstancePackage } from '@veritrain/member/instances';
import { getPublicDocument } from '@veritrain/member/vault';
import { orAborted, within } from '../../runtime/timeLimit.js';
import type { AgreedCouple } from '../shared/readOnce.js';
import { CoupleSignals } from './coupleSignals.js';
import { factsOf, type HostJob } from './hostUpdate.js';
import type { RoleContext } from '../role.js';

interface Inputs {
  readonly heKey: Uint8Array;
  readonly model: Uint8Array;
}

/** A slot of this host in a couple's dataset. */
interface CoupleSlot {
  readonly couple: AgreedCouple;
  readonly slot: Pick<DrawnSlot, 'instanceId' | 'generation'>;
}

/** How a package is read: couples of one family share it, so that the end of one of them does not stop it. */
interface Reading extends Required<WorkOptions> {
  readonly signal: AbortSignal;
  readonly agent: AbortSignal;
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
  /** By couple and slot. */
  private readonly ready = new Map<string, Promise<DataPackage>>();
  readonly signals = new CoupleSignals();
  /** The slots of one round share a model. */
  private held: HeldModel | undefined;
  private readonly downloads = new Map<string, Promise<Uint8Array>>();

  constructor(protected readonly context: RoleContext) {}

  /**
   * It stops when the round or the couple ends; what serves later rounds goes on after a round.
   * @throws OBJECT_MISSING, DIGEST_MISMATCH, VAULT_TOO_SLOW where the model cannot be fetched; OBJECT_TOO_LARGE,
   *   TrainingError where it cannot be used, or the computation was stopped; OTHER_PROGRAM where the program is not the one in the terms
   */
  async compute(job: HostJob, agent: AbortSignal): Promise<Uint8Array> {
    const signal = this.signals.ofRound(job.couple.coupleId, job.round.attempt, agent);
    return orAborted(this.updateOf(job, { agent, signal }), signal);
  }

  private async updateOf(
    job: HostJob,
    { agent, signal }: { readonly agent: AbortSignal; readonly signal: AbortSignal },
  ): Promise<Uint8Array> {
    const { couple, round } = job;
    const program = await within(limitOf(round, signal), (own) => this.programOf(couple, own));
    // Without a time limit: it comes from this host's own disk, as does the template after its first fetch.
    const dataPackage = await this.prepared(job, program, agent);
    const { heKey, model } = await this.fetchInputs(job, program, dataPackage.features, signal);
    return this.context.steps.run('computeUpdate', factsOf(job), (_note, onProgress) =>
      trainOnShard({
        package: dataPackage,
        program,
        model,
        heKey,
        ...this.context.market.place,
        couple: couple.coupleId,
        attempt: round.attempt,
        signal,
        onProgress,
      }),
    );
  }

  /** Makes what all rounds of a couple need of a slot, before there is one. It may be repeated. @throws as {@link compute} */
  async prepare(of: CoupleSlot, agent: AbortSignal): Promise<void> {
    const limit = { ms: prepareWithinMs, what: 'the program of a couple', signal: agent };
    const program = await within(limit, (own) => this.programOf(of.couple, own));
    await this.prepared(of, program, agent);
  }

  /** The package of a slot, with all that its replies have in common. */
  private prepared(of: CoupleSlot, program: TrainingProgram, agent: AbortSignal): Promise<DataPackage> {
    const { couple, slot } = of;
    const { coupleId } = couple;
    const key = `${coupleId}/${slot.instanceId}/${slot.generation.toString()}`;
    const known = this.ready.get(key);
    if (known !== undefined) return known;
    const signal = this.signals.ofCouple(coupleId, agent);
    const facts = { coupleId, instanceId: slot.instanceId };
    const preparing = this.context.steps.run('prepareShard', facts, async (_note, onProgress) => {
      const opened = await this.packageOf(of, program, { agent, signal, onProgress });
      await prepareShard({ package: opened, program, signal, onProgress });
      return opened;
    });
    const ready = orAborted(preparing, signal);
    this.ready.set(key, ready);
    ready.catch(() => this.ready.delete(key));
    return ready;
  }

  /** The couple ended. */
  forget(coupleId: string): void {
    this.signals.endCouple(coupleId);
    this.programs.delete(coupleId);
    this.heKeys.delete(coupleId);
    for (const key of this.ready.keys()) if (key.startsWith(`${coupleId}/`)) this.ready.delete(key);
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

  protected async programOf(couple: AgreedCouple, signal: AbortSignal): Promise<TrainingProgram> {
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
    { couple, slot: { instanceId, generation } }: CoupleSlot,
    program: TrainingProgram,
    { agent, signal, onProgress }: Reading,
  ): Promise<DataPackage> {
    const { family } = program;
    const { workers } = this.context;
    const isOwn = isOpenedByProgram(program);
    const key = `${instanceId}/${generation.toString()}/${isOwn ? couple.coupleId : family}`;
    const known = this.packages.get(key);
    if (known !== undefined) return known;
    const opened = isOwn
      ? this.openForProgram({ instanceId, datasetId: couple.datasetId }, program, { signal, onProgress })
      : openInstancePackage(this.context.member, instanceId, { signal: agent, onProgress, family, workers });
    this.packages.set(key, opened);
    opened.catch(() => this.packages.delete(key));
    return opened;
  }

  /** Of a program that maps columns, or whose sums follow from its head: the template says what columns and classes mean. */
  private async openForProgram(
    { instanceId, datasetId }: { readonly instanceId: string; readonly datasetId: string },
    program: TrainingProgram,
    work: Omit<Reading, 'agent'>,
  ): Promise<DataPackage> {
    const { member, workers } = this.context;
    const template = await templateOf(member, datasetId, { signal: work.signal });
    return openInstancePackage(member, instanceId, { ...work, program, template, workers });
  }
}

/** How long a program is waited for before a round needs it. */
const prepareWithinMs = 30_000;

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
