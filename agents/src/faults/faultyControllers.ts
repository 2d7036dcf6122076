import { createHash } from 'node:crypto';
import type { RoundView, TrainJob } from '@veritrain/client-sdk';
import { canonicalHash } from '@veritrain/client-sdk/protocol';
import { parseProgram, type TrainingProgram } from '@veritrain/training';
import { CloudOwnerController } from '../roles/cloudOwner/cloudOwnerController.js';
import { HostComputation } from '../roles/cloudOwner/hostComputation.js';
import type { HostJob, UpdateStore } from '../roles/cloudOwner/hostUpdate.js';
import { HostWork } from '../roles/cloudOwner/hostWork.js';
import { DataOwnerController } from '../roles/dataOwner/dataOwnerController.js';
import type { Closing, Updates } from '../roles/modelOwner/closing.js';
import { ModelOwnerController } from '../roles/modelOwner/modelOwnerController.js';
import type { CreateController, ReconcileContext, RoleContext } from '../roles/role.js';
import type { Fault } from '../roles/servedRoles.js';
import type { AgreedCouple } from '../roles/shared/readOnce.js';

/**
 * Computes by another penalty: well formed, and wrong. In clear, hosts of a logistic model do not need the penalty, and this
 * changes nothing.
 */
class WrongComputation extends HostComputation {
  protected override async programOf(couple: AgreedCouple, signal: AbortSignal): Promise<TrainingProgram> {
    const program = await super.programOf(couple, signal);
    const { lambda } = program.head;
    // A family of one's own may have no penalty.
    if (typeof lambda !== 'number') return program;
    return parseProgram({ ...program, head: { ...program.head, lambda: lambda < 1 ? 1 : lambda / 2 } });
  }
}

/** Changes the bytes of an update once they are computed. */
abstract class ChangedComputation extends HostComputation {
  override async compute(job: HostJob, signal: AbortSignal): Promise<Uint8Array> {
    return this.change(await super.compute(job, signal), job);
  }

  protected abstract change(update: Uint8Array, job: HostJob): Uint8Array;
}

class Truncated extends ChangedComputation {
  protected override change(update: Uint8Array): Uint8Array {
    return update.subarray(0, Math.floor(update.length / 2));
  }
}

/** Where an update's header names its encryption parameters, bytes. */
const parametersAt = 32;

class WrongParameters extends ChangedComputation {
  protected override change(update: Uint8Array): Uint8Array {
    const changed = Uint8Array.from(update);
    changed[parametersAt] = (changed[parametersAt] ?? 0) ^ 1;
    return changed;
  }
}

class RandomBytes extends ChangedComputation {
  /** The same bytes each time, as an agent's steps must be after a crash. */
  protected override change(update: Uint8Array, { jobId }: HostJob): Uint8Array {
    const seed = this.context.market.keyring.derive('fault', jobId);
    return createHash('shake256', { outputLength: update.length }).update(seed).digest();
  }
}

class Silent extends HostWork {
  protected override answer(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

class Late extends HostWork {
  protected override isTimeToAnswer(job: HostJob): boolean {
    return !super.isTimeToAnswer(job);
  }
}

class Copies extends HostWork {
  protected override async commit(job: HostJob, { signal }: ReconcileContext): Promise<undefined> {
    const { nonce, commitment, sealed } = sisterOf(job) ?? {};
    if (nonce == null || commitment == null || sealed == null) return;
    await this.submit(job, { nonce, commitment, sealed }, signal);
  }

  /** A copied commitment hides an update that the copier does not know. */
  protected override deliver(): Promise<void> {
    return Promise.resolve();
  }
}

/** A sister's committed job to copy, once there is one. */
const sisterOf = ({ round, subset, jobId }: HostJob): TrainJob | undefined =>
  round.jobs.find(
    (job) => job.subsetIndex === subset.subsetIndex && job.jobId !== jobId && job.state === 'committed',
  );

class NeverUploads extends HostWork {
  protected override upload(): Promise<void> {
    return Promise.resolve();
  }
}

type Work = new (context: RoleContext, updates: UpdateStore, computation?: HostComputation) => HostWork;
type Computation = new (context: RoleContext) => HostComputation;

const working =
  (Faulty: Work): CreateController =>
  (context) =>
    new CloudOwnerController(context, (updates) => new Faulty(context, updates));

const computing =
  (Faulty: Computation): CreateController =>
  (context) =>
    new CloudOwnerController(context, (updates) => new HostWork(context, updates, new Faulty(context)));

class WithholdsLinks extends DataOwnerController {
  protected override start(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

class ClosesWithWrongDigests extends ModelOwnerController {
  protected override updatesOf(): Updates {
    return { winner: (round, subsetIndex) => Promise.resolve({ digest: wrongDigest(round, subsetIndex) }) };
  }
}

const wrongDigest = ({ coupleId, attempt }: RoundView, subsetIndex: number): string =>
  canonicalHash('veritrain/fault/1', [coupleId, attempt.toString(), subsetIndex.toString()]);

class NeverCloses extends ModelOwnerController {
  protected override close(): Promise<Closing> {
    return Promise.resolve({ closed: false, awaited: [] });
  }
}

class WithholdsModels extends ModelOwnerController {
  protected override putModel(): Promise<void> {
    return Promise.resolve();
  }

  protected override keepObjects(): Promise<void> {
    return Promise.resolve();
  }
}

/** The controllers of members that misbehave. Only an agent that is told to commit a fault loads this file. */
export const faultyControllers: Readonly<Record<Fault, CreateController>> = {
  'wrong-update': computing(WrongComputation),
  'random-bytes': computing(RandomBytes),
  truncated: computing(Truncated),
  'wrong-parameters': computing(WrongParameters),
  silent: working(Silent),
  copy: working(Copies),
  late: working(Late),
  'no-upload': working(NeverUploads),
  'withhold-link': (context, approval) => new WithholdsLinks(context, approval),
  'wrong-digest': (context) => new ClosesWithWrongDigests(context),
  'never-close': (context) => new NeverCloses(context),
  'withhold-model': (context) => new WithholdsModels(context),
};
