import type { InputOf, OutputOf, TransactionName } from '@veritrain/chaincode/domain';
import type { CallOptions, Calls, Committed } from './calls.js';

/** Method names and the transactions or queries that they call. */
export type Methods = Readonly<Record<string, TransactionName>>;

type EveryFieldOptional<T> = Record<string, never> extends T ? true : false;

/** An input that may be left out where every field of it may be. */
export type Call<N extends TransactionName, Answer> =
  EveryFieldOptional<InputOf<N>> extends true
    ? (input?: InputOf<N>, options?: CallOptions) => Promise<Answer>
    : (input: InputOf<N>, options?: CallOptions) => Promise<Answer>;

/** One method for each name; the comments on the names are the methods' documentation. */
export type Submits<M extends Methods> = { readonly [K in keyof M]: Call<M[K], Committed<OutputOf<M[K]>>> };
export type Queries<M extends Methods> = { readonly [K in keyof M]: Call<M[K], OutputOf<M[K]>> };

export function submits<M extends Methods>(calls: Calls, methods: M): Submits<M> {
  return bind(methods, (name, input, options) => calls.submit(name, input, options)) as Submits<M>;
}

export function queries<M extends Methods>(calls: Calls, methods: M): Queries<M> {
  return bind(methods, (name, input, options) => calls.evaluate(name, input, options)) as Queries<M>;
}

type AnyInput = InputOf<TransactionName>;

function bind(
  methods: Methods,
  call: (name: TransactionName, input: AnyInput, options?: CallOptions) => Promise<unknown>,
): Record<string, unknown> {
  const method =
    (name: TransactionName) =>
    (input: AnyInput = {}, options?: CallOptions) =>
      call(name, input, options);
  return Object.fromEntries(Object.entries(methods).map(([key, name]) => [key, method(name)]));
}
