import { createHash } from 'node:crypto';
import type { TrainJob } from '@veritrain/client-sdk';
import type { TrainingProgram } from '@veritrain/training';
import type { HostComputation } from './hostComputation.js';
import type { HostJob } from './hostUpdate.js';
import { marketOf, type RoleContext } from './role.js';

/** The update that a misbehaving host commits to and delivers. */
export async function drilledUpdate(
  context: RoleContext,
  computation: HostComputation,
  job: HostJob,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (context.drill === 'wrong-update') return computation.compute(job, signal, withAnotherPenalty);
  const update = await computation.compute(job, signal);
  if (context.drill === 'truncated') return update.subarray(0, Math.floor(update.length / 2));
  if (context.drill === 'wrong-parameters') return withOtherParameters(update);
  if (context.drill === 'random-bytes') return randomBytes(context, job, update.length);
  return update;
}

/** A step of another loss: well formed, and wrong. */
const withAnotherPenalty = (program: TrainingProgram): TrainingProgram => ({
  ...program,
  lambda: program.lambda === 0 ? 1 : program.lambda / 2,
});

/** Where an update's header names its encryption parameters, bytes. */
const parametersAt = 32;

function withOtherParameters(update: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(update);
  changed[parametersAt] = (changed[parametersAt] ?? 0) ^ 1;
  return changed;
}

/** The same bytes each time, as everything that an agent repeats after a crash. */
function randomBytes(context: RoleContext, { jobId }: HostJob, length: number): Uint8Array {
  const seed = marketOf(context).keyring.derive('drill', jobId);
  return createHash('shake256', { outputLength: length }).update(seed).digest();
}

/** A sister's committed job to copy, once there is one. */
export const sisterOf = ({ round, subset, jobId }: HostJob): TrainJob | undefined =>
  round.jobs.find(
    (job) => job.subsetIndex === subset.subsetIndex && job.jobId !== jobId && job.state === 'committed',
  );
