import type { Role } from '@veritrain/client-sdk';
import { z } from 'zod';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export { memberName, participantOrName } from '@veritrain/member/names';

/** Ids as the contract takes them; the contract checks them again. */
const id = (prefix: string, example: string): z.ZodString =>
  z
    .string()
    .regex(
      new RegExp(`^${prefix}_[0-9a-z]{1,40}$`),
      `must look like ${example}: ${prefix}_ and 1 to 40 of 0-9 a-z`,
    );

export const datasetId = id('ds', 'ds_diabetes');
export const modelId = id('md', 'md_ridge1');
export const coupleId = id('tc', 'tc_spring');
export const instanceId = z
  .string()
  .regex(/^ci_[0-9a-z]{1,40}_\d{1,3}_\d{1,2}$/, 'must look like ci_diabetes_0_2: dataset, subset, slot');
export const jobId = z
  .string()
  .regex(
    /^tj_[0-9a-z]{1,40}_\d{1,5}_\d{1,3}_\d{1,2}$/,
    'must look like tj_spring_1_0_2: couple, attempt, subset, slot',
  );

/** A whole number of the range. */
export const count = (min: number, max: number): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> =>
  z.string().transform((text, context) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    context.addIssue(`must be a whole number from ${min} to ${max}`);
    return z.NEVER;
  });

const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const duration = (minMs: 0 | 1): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> =>
  z.string().transform((text, context) => {
    const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
    const ms = Math.round(Number(amount) * (unitsMs[unit] ?? NaN));
    if (ms >= minMs) return ms;
    context.addIssue('must be a time such as 500ms, 30s, 10m, 2h or 7d');
    return z.NEVER;
  });

/** A span of time, `500ms`, `30s`, `10m`, `2h` or `7d`, in milliseconds. */
export const durationMs = duration(1);

/** The same, or `0ms`. */
export const delayMs = duration(0);

export const roleNames = [
  'dataOwner',
  'cloudOwner',
  'modelOwner',
  'validator',
  'arbiter',
  'issuer',
] as const satisfies readonly Role[];

/** Pages of lists. */
export const pageOptions = [['--limit <n>', 'show at most this many, 1 to 1000 (default 100)']] as const;
export const pageValues = { limit: count(1, 1000).default(100) };

/** A decimal number of the range. */
export const decimal = (min: number, max: number): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> =>
  z.string().transform((text, context) => {
    const value = Number(text);
    if (/^\d+(\.\d+)?$/.test(text) && value >= min && value <= max) return value;
    context.addIssue(`must be a number from ${min} to ${max}`);
    return z.NEVER;
  });

const decimalNumber = /^-?\d+(\.\d+)?$/;

/** Two different numbers with a comma between them: `0,1`. */
export const numberPair = z.string().transform((text, context): [number, number] => {
  const parts = text.split(',').map((part) => part.trim());
  const [first = NaN, second = NaN] = parts.map(Number);
  if (parts.length === 2 && parts.every((part) => decimalNumber.test(part)) && first !== second)
    return [first, second];
  context.addIssue('must be two different numbers, such as 0,1');
  return z.NEVER;
});

/** Two to sixteen numbers that increase, with commas between them: `0,1,2`. */
export const numberList = z.string().transform((text, context): number[] => {
  const parts = text.split(',').map((part) => part.trim());
  const numbers = parts.map(Number);
  const isIncreasing = numbers.every((value, index) => index === 0 || value > (numbers[index - 1] ?? value));
  const isCounted = parts.length >= 2 && parts.length <= 16;
  if (isCounted && isIncreasing && parts.every((part) => decimalNumber.test(part))) return numbers;
  context.addIssue('must be 2 to 16 numbers that increase, such as 0,1,2');
  return z.NEVER;
});

/** Every verb of a network takes its folder. */
export const folderOption = [
  '--data <folder>',
  'folder of the network (default: network in VERITRAIN_HOME)',
] as const;

const defaultFolder = (): string =>
  join(process.env.VERITRAIN_HOME ?? join(homedir(), '.veritrain'), 'network');

export const folderValue = z
  .string()
  .min(1)
  .default(defaultFolder)
  .transform((path) => resolve(path));

/** A finished training, or a model for its last one. */
export const trained = z.union([coupleId, modelId], 'must be a training (tc_…) or a model (md_…)');
