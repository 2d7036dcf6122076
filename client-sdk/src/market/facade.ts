import {
  type RecordKind,
  recordFields,
  recordVerbs,
  type TransactionName,
  transactionNames,
  transactions,
} from '@veritrain/chaincode/domain';
import type { CallOptions, Calls } from './calls.js';
import type { GroupMethods, RecordMethods } from './methods.js';

type AnyMethod = (input?: object, options?: CallOptions) => Promise<unknown>;

/** The methods of a group, as the table of transactions has them. */
export function groupOf<G extends keyof GroupMethods>(calls: Calls, group: G): GroupMethods[G] {
  const names = transactionNames.filter((name) => transactions[name].method.startsWith(`${group}.`));
  const methods = names.map((name): [string, AnyMethod] => [
    transactions[name].method.slice(group.length + 1),
    (input = {}, options) => call(calls, name, input, options),
  ]);
  // The compiler does not follow the table; the interface is written from it.
  return Object.fromEntries(methods) as unknown as GroupMethods[G];
}

/** The fields that name a record, for one of its transactions. A handle that lacks some may ask the ledger. */
export type NamingFields = (name: TransactionName, options?: CallOptions) => object | Promise<object>;

interface RecordVerb {
  readonly verb: string;
  readonly name: TransactionName;
  /** All fields of its input. */
  readonly fields: readonly string[];
  /** Whether each of them names the record. */
  readonly isNamedWhole: boolean;
}

function verbsOf(kind: RecordKind): RecordVerb[] {
  const given: ReadonlySet<string> = new Set(recordFields[kind].flat());
  return Object.entries(recordVerbs(kind)).map(([verb, name]) => {
    const fields = Object.keys(transactions[name].input.shape);
    return { verb, name, fields, isNamedWhole: fields.every((field) => given.has(field)) };
  });
}

/** The methods of the handles of one kind, as the table of transactions has them. */
export function recordMethodsOf<K extends RecordKind>(
  calls: Calls,
  kind: K,
): (naming: NamingFields) => RecordMethods[K] {
  let verbs: readonly RecordVerb[] | undefined;
  return (naming) => {
    // With the first handle, not with the connection: most programs have none of most kinds.
    verbs ??= verbsOf(kind);
    const methods = verbs.map(({ verb, name, fields, isNamedWhole }): [string, AnyMethod] => {
      const method: AnyMethod = async (input = {}, options) => {
        const named = Object.entries(await naming(name, options)).filter(([field]) => fields.includes(field));
        return call(calls, name, { ...input, ...Object.fromEntries(named) }, options);
      };
      return [verb, isNamedWhole ? (options) => method({}, options) : method];
    });
    return Object.fromEntries(methods) as unknown as RecordMethods[K];
  };
}

const call = (calls: Calls, name: TransactionName, input: object, options?: CallOptions): Promise<unknown> =>
  // The input is checked against its schema before it is sent.
  transactions[name].kind === 'submit'
    ? calls.submit(name, input, options)
    : calls.evaluate(name, input, options);
