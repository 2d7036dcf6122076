import { getSealed, type RoundView, type TrainCouple } from '@veritrain/client-sdk';
import { trainOnShard, type DataPackage, type TrainingProgram } from '@veritrain/training';
import { agreedProgram } from '../actions/agreedProgram.js';
import { openInstancePackage } from '../actions/instancePackage.js';
import { getPublicDocument } from '../actions/publicDocument.js';
import { factsOf, type HostJob } from './hostUpdate.js';
import { marketOf, placeOf, type RoleContext } from './role.js';

/** Larger ones are no models, bytes. */
const mostModelBytes = 1024 * 1024 * 1024;

interface CoupleDocuments {
  readonly program: TrainingProgram;
  readonly heKey: Uint8Array;
}

/** Computes updates; keeps in memory what every round needs again. */
export class HostComputation {
  private readonly documents = new Map<string, CoupleDocuments>();
  private readonly packages = new Map<string, Promise<DataPackage>>();
  /** The last model of each couple: its slots of one round share it. */
  private readonly models = new Map<
    string,
    { readonly digest: string; readonly bytes: Promise<Uint8Array> }
  >();

  constructor(private readonly context: RoleContext) {}

  /**
   * @param alter what to do to the program before it is run: nothing, but in a drill
   * @throws OBJECT_MISSING, DIGEST_MISMATCH where the model cannot be had; TrainingError where it cannot be used; AgentsError
   * OTHER_PROGRAM where the program is not what the terms say
   */
  async compute(
    job: HostJob,
    signal: AbortSignal,
    alter: (program: TrainingProgram) => TrainingProgram = (program) => program,
  ): Promise<Uint8Array> {
    const { couple, round, slot } = job;
    const { program, heKey } = await this.documentsOf(couple, signal);
    const model = await this.fetchModel(job, signal);
    const dataPackage = await this.packageOf(slot.instanceId, slot.generation, signal);
    return this.context.steps.run('computeUpdate', factsOf(job), () =>
      trainOnShard({
        package: dataPackage,
        program: alter(program),
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
    this.documents.delete(coupleId);
    this.models.delete(coupleId);
  }

  private fetchModel({ round }: HostJob, signal: AbortSignal): Promise<Uint8Array> {
    const { coupleId, modelDigest: digest } = round;
    const known = this.models.get(coupleId);
    if (known?.digest === digest) return known.bytes;
    const bytes = this.download(round, signal);
    this.models.set(coupleId, { digest, bytes });
    bytes.catch(() => {
      if (this.models.get(coupleId)?.bytes === bytes) this.models.delete(coupleId);
    });
    return bytes;
  }

  private download(round: RoundView, signal: AbortSignal): Promise<Uint8Array> {
    const { coupleId, attempt, modelDigest: digest, modelHandle } = round;
    return this.context.steps.run('fetchModel', { coupleId, attempt }, async (note) => {
      const options = { digest, maxBytes: mostModelBytes, signal };
      const bytes = await getSealed(marketOf(this.context), modelHandle, options);
      note({ bytes: bytes.length });
      return bytes;
    });
  }

  private async documentsOf(couple: TrainCouple, signal: AbortSignal): Promise<CoupleDocuments> {
    const { coupleId, terms, modelOwnerId: ownerId } = couple;
    const known = this.documents.get(coupleId);
    if (known !== undefined) return known;
    const program = await agreedProgram(this.context.member, couple, { signal });
    const { heKeyDigest: digest } = terms;
    const heKey =
      digest === null
        ? new Uint8Array()
        : await getPublicDocument(marketOf(this.context), { digest, ownerId }, signal);
    const documents = { program, heKey };
    this.documents.set(coupleId, documents);
    return documents;
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
