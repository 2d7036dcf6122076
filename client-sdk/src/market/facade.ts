import { type InputOf, type OutputOf, type TransactionName, transactions } from '@veritrain/chaincode/domain';
import type { CallOptions, Calls, Committed } from './calls.js';

/** Verbs and the transactions or queries that they call. */
type Verbs = Readonly<Record<string, TransactionName>>;

type EveryFieldOptional<T> = Record<string, never> extends T ? true : false;

type Answer<N extends TransactionName> = (typeof transactions)[N]['kind'] extends 'submit'
  ? Committed<OutputOf<N>>
  : OutputOf<N>;

/** An input that may be left out where every field of it may be. */
type Method<N extends TransactionName> =
  EveryFieldOptional<InputOf<N>> extends true
    ? (input?: InputOf<N>, options?: CallOptions) => Promise<Answer<N>>
    : (input: InputOf<N>, options?: CallOptions) => Promise<Answer<N>>;

/** A method for each verb; the comment on a verb is the method's documentation. */
export type Group<V extends Verbs> = { readonly [Verb in keyof V]: Method<V[Verb]> };

export function groupOf<V extends Verbs>(calls: Calls, verbs: V): Group<V> {
  const method =
    (name: TransactionName) =>
    (input: InputOf<TransactionName> = {}, options?: CallOptions) =>
      transactions[name].kind === 'submit'
        ? calls.submit(name, input, options)
        : calls.evaluate(name, input, options);
  return Object.fromEntries(Object.entries(verbs).map(([verb, name]) => [verb, method(name)])) as Group<V>;
}
