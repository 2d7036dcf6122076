import type { z } from 'zod';
import type { ChangeType } from '../changes.js';
import type { ErrorName } from '../errors.js';

export const contractNames = [
  'MarketContract',
  'ParticipantContract',
  'DatasetContract',
  'InstanceContract',
  'ModelContract',
  'CoupleContract',
  'RoundContract',
] as const;
/** A contract of the chaincode. */
export type ContractName = (typeof contractNames)[number];

/** The orderer orders a `submit`, and peers commit its writes. An `evaluate` only reads. */
type TransactionKind = 'submit' | 'evaluate';

/** The complete specification of a transaction or query. The contract, the SDK and the reference read it. */
export interface TransactionSpecification<
  Name extends string = string,
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
  Kind extends TransactionKind = TransactionKind,
> {
  /** The transaction. */
  readonly name: Name;
  /** The name of its SDK method: group and verb. */
  readonly method: `${string}.${string}`;
  /** The contract that has it. */
  readonly contract: ContractName;
  /** Whether it is ordered and written, or only reads. */
  readonly kind: Kind;
  /** The allowed callers, in words. */
  readonly who: string;
  /** What it does, in words. */
  readonly summary: string;
  /** The schema of its input. */
  readonly input: Input;
  /** The schema of its answer. */
  readonly output: Output;
  /** An input that its schema takes. */
  readonly example: z.input<Input>;
  /** Changes that its event may report. */
  readonly events: readonly ChangeType[];
  /** Errors in addition to `commonErrors`. */
  readonly errors: readonly ErrorName[];
}

/** Refusals that any transaction may return. */
export const commonErrors: readonly ErrorName[] = [
  'INTERNAL',
  'INVALID_INPUT',
  'INPUT_TOO_LARGE',
  'UNKNOWN_TRANSACTION',
  'WRONG_ARGUMENTS',
  'WRONG_CHAINCODE',
  'MARKET_NOT_CONFIGURED',
];

export const submit = <Name extends string, Input extends z.ZodType, Output extends z.ZodType>(
  of: Omit<TransactionSpecification<Name, Input, Output>, 'kind'>,
): TransactionSpecification<Name, Input, Output, 'submit'> => ({ kind: 'submit', ...of });

export const evaluate = <Name extends string, Input extends z.ZodType, Output extends z.ZodType>(
  of: Omit<TransactionSpecification<Name, Input, Output>, 'kind' | 'events' | 'who'>,
): TransactionSpecification<Name, Input, Output, 'evaluate'> => ({
  kind: 'evaluate',
  who: 'anyone',
  events: [],
  ...of,
});
