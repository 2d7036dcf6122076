import { z } from 'zod';

/**
 * Identifiers of the market. The client names datasets, models, couples and configuration proposals, so a retry finds
 * its own record. A participant's id follows from its keys (`participantIdOf`). The functions here derive all ids below
 * those.
 * A name of 30 characters of a-z and 2-7 is an owned id (`ownedId`), which only its owner can register. Any other name
 * belongs to the first member that registers it.
 */
const body = '[0-9a-z]{1,40}';
const id = (prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_${body}$`), `must be ${prefix}_ followed by 1 to 40 of 0-9 and a-z`);

/** A participant: `pt_` and 26 of a-z and 2-7, which follow from its public keys. */
export const participantId = z
  .string()
  .regex(/^pt_[a-z2-7]{26}$/, 'must be pt_ followed by 26 of a-z and 2-7');
/** A dataset: `ds_` and 1 to 40 of 0-9 and a-z. */
export const datasetId = id('ds');
/** A model: `md_` and 1 to 40 of 0-9 and a-z. */
export const modelId = id('md');
/** A couple: `tc_` and 1 to 40 of 0-9 and a-z. */
export const coupleId = id('tc');
/** A configuration proposal: `cf_` and 1 to 40 of 0-9 and a-z. */
export const proposalId = id('cf');
/** A subset: `sub_<dataset>_<index>`, counted from 0. */
export const subsetId = z.string().regex(new RegExp(`^sub_${body}_(0|[1-9][0-9]{0,3})$`));
/** A slot: `ci_<dataset>_<subset index>_<slot>`, both counted from 0. */
export const instanceId = z
  .string()
  .regex(
    new RegExp(`^ci_${body}_(0|[1-9][0-9]{0,2})_(0|[1-9][0-9]?)$`),
    'must be ci_<dataset>_<subset>_<slot>',
  );
/** A job: `tj_<couple>_<attempt>_<subset index>_<slot>`; attempts count from 1, the others from 0. */
export const jobId = z
  .string()
  .regex(new RegExp(`^tj_${body}_[1-9][0-9]{0,4}_(0|[1-9][0-9]{0,2})_(0|[1-9][0-9]?)$`));

const bodyOf = (of: string): string => of.slice(of.indexOf('_') + 1);

/** `sub_<dataset>_<index>`; indexes count from 0. */
export const subsetIdOf = (dataset: string, index: number): string =>
  `sub_${bodyOf(dataset)}_${String(index)}`;

/** `ci_<dataset>_<subset index>_<slot>`; slots count from 0. */
export const instanceIdOf = (dataset: string, index: number, slot: number): string =>
  `ci_${bodyOf(dataset)}_${String(index)}_${String(slot)}`;

/** `tj_<couple>_<attempt>_<subset index>_<slot>`; attempts count from 1. */
export const jobIdOf = (couple: string, attempt: number, index: number, slot: number): string =>
  `tj_${bodyOf(couple)}_${String(attempt)}_${String(index)}_${String(slot)}`;

/** What an instance id says. */
export interface InstanceAddress {
  readonly datasetId: string;
  readonly subsetIndex: number;
  /** Which replica of the subset, counted from 0. */
  readonly slot: number;
}

/** Parses a well-formed instance id. */
export function parseInstanceId(instance: string): InstanceAddress {
  const [, dataset, index, slot] = instanceId.parse(instance).split('_');
  return { datasetId: `ds_${String(dataset)}`, subsetIndex: Number(index), slot: Number(slot) };
}

/** What a job id says. */
export interface JobAddress {
  readonly coupleId: string;
  readonly attempt: number;
  readonly subsetIndex: number;
  /** Which replica of the subset, counted from 0. */
  readonly slot: number;
}

/** Parses a well-formed job id. */
export function parseJobId(job: string): JobAddress {
  const [, couple, attempt, index, slot] = jobId.parse(job).split('_');
  return {
    coupleId: `tc_${String(couple)}`,
    attempt: Number(attempt),
    subsetIndex: Number(index),
    slot: Number(slot),
  };
}
