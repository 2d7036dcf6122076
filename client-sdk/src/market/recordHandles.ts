import {
  attempt as attemptSchema,
  type ChangeType,
  coupleId as coupleIdSchema,
  datasetId as datasetIdSchema,
  type DrawCheck,
  instanceId as instanceIdSchema,
  instanceIdOf,
  jobId as jobIdSchema,
  jobIdOf,
  type LedgerContext,
  parseInstanceId,
  parseJobId,
  type TransactionName,
  transactions,
  type Waiting,
} from '@veritrain/chaincode/domain';
import type { z } from 'zod';
import { issuesOf } from '../errors/issues.js';
import { sdkError } from '../errors/veritrainError.js';
import type { CallOptions, Calls } from './calls.js';
import { type CrossCheck, type CrossCheckInput, crossCheck } from './crossCheck.js';
import { drawAgain } from './draws.js';
import { type CommittedChange, type MarketEvents, watchCouple, type WatchOptions } from './events.js';
import { recordMethodsOf } from './facade.js';
import type {
  CoupleRecordMethods,
  DatasetRecordMethods,
  InstanceRecordMethods,
  JobRecordMethods,
  RoundRecordMethods,
} from './methods.js';

/** A dataset by its id. */
export interface DatasetHandle extends DatasetRecordMethods {
  /** `ds_…` */
  readonly id: string;
  /** The slot of a subset; both count from 0. Errors: INPUT_INVALID. */
  instance(subsetIndex: number, slot: number): InstanceHandle;
  /**
   * The changes that name the dataset: its offer, its slots, requests, rounds that come back. It goes on until the signal
   * fires. Errors are those of `events.watch`.
   */
  watch<T extends ChangeType = ChangeType>(
    options?: Omit<WatchOptions<T>, 'coupleId' | 'datasetId'>,
  ): AsyncGenerator<CommittedChange<T>, void, undefined>;
  /** The id. */
  toJSON(): string;
}

/** A slot of a dataset by its id. */
export interface InstanceHandle extends InstanceRecordMethods {
  /** `ci_<dataset>_<subset>_<slot>` */
  readonly id: string;
  /** Whether the sisters of the slot committed to the package that its host was given. Errors: NOT_FOUND, INPUT_INVALID. */
  crossCheck(input: Omit<CrossCheckInput, 'instanceId'>, options?: CallOptions): Promise<CrossCheck>;
  /** The id. */
  toJSON(): string;
}

/** A couple by its id. */
export interface CoupleHandle extends CoupleRecordMethods {
  /** `tc_…` */
  readonly id: string;
  /** An attempt, counted from 1. Errors: INPUT_INVALID. */
  round(attempt: number): RoundHandle;
  /** What the couple waits for, of whom, and until when; empty where it has ended. Errors: NOT_FOUND. */
  waitingFor(options?: CallOptions): Promise<Waiting[]>;
  /** Draws every attempt again from both sides' links, on this machine, and says where the records differ. Errors: NOT_FOUND. */
  checkDraws(options?: CallOptions): Promise<DrawCheck[]>;
  /**
   * The couple's changes, from a block on (default: its request where this handle made it, else the first); ends with the
   * one that ends the couple. Errors are those of `events.watch`.
   */
  watch(
    options?: CallOptions & { readonly fromBlock?: bigint | undefined },
  ): AsyncGenerator<CommittedChange, void, undefined>;
  /** The id. */
  toJSON(): string;
}

/** An attempt of a couple. */
export interface RoundHandle extends RoundRecordMethods {
  /** `tc_…` */
  readonly coupleId: string;
  /** Counted from 1. */
  readonly attempt: number;
  /** The job of a slot that was drawn. Errors: INPUT_INVALID. */
  job(instanceId: string): JobHandle;
  /** What `market.round` takes. */
  toJSON(): { readonly coupleId: string; readonly attempt: number };
}

/** A job by its id: what one slot is to do in one attempt. */
export interface JobHandle extends JobRecordMethods {
  /** `tj_<couple>_<attempt>_<subset>_<slot>` */
  readonly id: string;
  /** The id. */
  toJSON(): string;
}

/** Handles of records. They ask the ledger nothing; whether there is such a record, the first method says. */
export interface RecordHandles {
  /** @throws INPUT_INVALID for what is no dataset's id */
  dataset(id: string): DatasetHandle;
  /** @throws INPUT_INVALID for what is no slot's id */
  instance(id: string): InstanceHandle;
  /** @throws INPUT_INVALID for what is no couple's id */
  couple(id: string): CoupleHandle;
  /**
   * @param attempt counted from 1
   * @throws INPUT_INVALID for what is no couple's id, or no attempt
   */
  round(coupleId: string, attempt: number): RoundHandle;
  /**
   * A job's id does not name the dataset. Its transactions need it, so the first of them asks for the couple; the handle of
   * `round(…).job(instanceId)` need not ask.
   *
   * @throws INPUT_INVALID for what is no job's id
   */
  job(id: string): JobHandle;
}

export function handlesOf(
  calls: Calls,
  { events, place }: { readonly events: MarketEvents; readonly place: LedgerContext },
): RecordHandles {
  const datasetMethods = recordMethodsOf(calls, 'dataset');
  const instanceMethods = recordMethodsOf(calls, 'instance');
  const coupleMethods = recordMethodsOf(calls, 'couple');
  const roundMethods = recordMethodsOf(calls, 'round');
  const jobMethods = recordMethodsOf(calls, 'job');

  const dataset = (id: string): DatasetHandle => {
    const named = { datasetId: checked('datasetId', datasetIdSchema, id) };
    return {
      ...datasetMethods(() => named),
      id,
      instance: (subsetIndex, slot) => instance(instanceIdOf(id, subsetIndex, slot)),
      watch: (options) => events.watch({ ...options, ...named }),
      toJSON: () => id,
    };
  };

  const instance = (id: string): InstanceHandle => {
    const named = { instanceId: checked('instanceId', instanceIdSchema, id) };
    return {
      ...instanceMethods(() => named),
      id,
      crossCheck: (input, options) => crossCheck(calls, place, { ...input, ...named }, options),
      toJSON: () => id,
    };
  };

  const couple = (id: string): CoupleHandle => {
    const named = { coupleId: checked('coupleId', coupleIdSchema, id) };
    const methods = coupleMethods(() => named);
    return {
      ...methods,
      id,
      round: (attempt) => round(id, attempt),
      waitingFor: async (options) => (await methods.view(options)).waiting,
      checkDraws: (options) => drawAgain(calls, place, named, options),
      watch: (options) => watchCouple(events, id, options),
      toJSON: () => id,
    };
  };

  const round = (coupleId: string, attempt: number): RoundHandle => {
    const named = {
      coupleId: checked('coupleId', coupleIdSchema, coupleId),
      attempt: checked('attempt', attemptSchema, attempt),
    };
    return {
      ...roundMethods(() => named),
      ...named,
      job: (instanceId) => {
        const { subsetIndex, slot } = parseInstanceId(checked('instanceId', instanceIdSchema, instanceId));
        return job(jobIdOf(coupleId, attempt, subsetIndex, slot), instanceId);
      },
      toJSON: () => named,
    };
  };

  const job = (id: string, instanceId?: string): JobHandle => {
    const { subsetIndex, slot, ...inRound } = parseJobId(checked('jobId', jobIdSchema, id));
    let slotId = instanceId;
    const naming = async (name: TransactionName, options?: CallOptions): Promise<object> => {
      const named = { jobId: id, ...inRound };
      if (!('instanceId' in transactions[name].input.shape)) return named;
      slotId ??= instanceIdOf((await couple(inRound.coupleId).get(options)).datasetId, subsetIndex, slot);
      return { ...named, instanceId: slotId };
    };
    return { ...jobMethods(naming), id, toJSON: () => id };
  };

  return { dataset, instance, couple, round, job: (id) => job(id) };
}

function checked<T>(field: string, schema: z.ZodType<T>, given: T): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issues = `${field}: ${issuesOf(parsed.error)}`;
  throw sdkError('VT8004', `There is no record of ${field} ${String(given)}.`, {
    facts: { issues },
    cause: parsed.error,
  });
}
