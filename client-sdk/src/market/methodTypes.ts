import type {
  InputOf,
  OutputOf,
  RecordField,
  RecordKind,
  TransactionName,
  transactions,
} from '@veritrain/chaincode/domain';
import type { CallOptions, Committed } from './calls.js';

/** What a method answers: a query its answer, a transaction where it was committed as well. */
type Answer<N extends TransactionName> = (typeof transactions)[N]['kind'] extends 'submit'
  ? Committed<OutputOf<N>>
  : OutputOf<N>;

/** A method that takes an input. The input may be left out where each of its fields may be. */
type MethodTaking<Input, Result> =
  Record<string, never> extends Input
    ? (input?: Input, options?: CallOptions) => Promise<Result>
    : (input: Input, options?: CallOptions) => Promise<Result>;

/** Calls a transaction or query. Its input is checked before anything is sent. */
export type Method<N extends TransactionName> = MethodTaking<InputOf<N>, Answer<N>>;

/**
 * Calls a transaction or query that is about a record. The handle fills in the fields that name the record; where no other
 * is left, the method takes the options alone.
 */
export type RecordMethod<K extends RecordKind, N extends TransactionName> =
  Exclude<keyof InputOf<N>, RecordField<K>> extends never
    ? (options?: CallOptions) => Promise<Answer<N>>
    : MethodTaking<Omit<InputOf<N>, RecordField<K>>, Answer<N>>;
