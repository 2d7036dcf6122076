import type { z } from 'zod';
import { type TransactionName, transactionNames, transactions } from './index.js';

/** The records that have handles in clients, each with the sets of input fields that name it. */
export const recordFields = {
  dataset: [['datasetId']],
  instance: [['instanceId']],
  couple: [['coupleId']],
  round: [['coupleId', 'attempt']],
  job: [['jobId'], ['coupleId', 'attempt', 'instanceId']],
} as const;

export type RecordKind = keyof typeof recordFields;
/** The input fields that a record of this kind provides. */
export type RecordField<K extends RecordKind> = (typeof recordFields)[K][number][number];

const kinds = Object.keys(recordFields) as RecordKind[];

/** The transactions and queries about a record, by verb. */
export function recordVerbs(kind: RecordKind): Readonly<Record<string, TransactionName>> {
  return Object.fromEntries(
    transactionNames.filter((name) => isAbout(name, kind)).map((name) => [verbOf(name), name]),
  );
}

/** A list is about each record that can filter it. Any other query is about the narrowest record that its input requires. */
function isAbout(name: TransactionName, kind: RecordKind): boolean {
  if (isList(name)) return countNaming(kind, fieldsOf(name)) > 0;
  if (makesRecord(name)) return false;
  const required = requiredFieldsOf(name);
  const max = Math.max(...kinds.map((each) => countNaming(each, required)));
  return max > 0 && countNaming(kind, required) === max;
}

/** The number of fields that name a record of this kind; 0 if one is missing. */
function countNaming(kind: RecordKind, fields: readonly string[]): number {
  const rows: readonly (readonly string[])[] = recordFields[kind];
  const complete = rows.filter((row) => row.every((field) => fields.includes(field)));
  return Math.max(0, ...complete.map((row) => row.length));
}

const isList = (name: TransactionName): boolean => transactions[name].method.endsWith('.list');

/** Under an id of the caller's choice: there is no record yet. */
const makesRecord = (name: TransactionName): boolean =>
  transactions[name].errors.some((error) => error === 'ID_OF_ANOTHER');

const shapeOf = (name: TransactionName): Readonly<Record<string, z.ZodType>> =>
  transactions[name].input.shape;

const fieldsOf = (name: TransactionName): string[] => Object.keys(shapeOf(name));

const requiredFieldsOf = (name: TransactionName): string[] =>
  Object.entries(shapeOf(name))
    .filter(([, field]) => !field.safeParse(undefined).success)
    .map(([field]) => field);

/** `rounds.list` is a couple's `rounds`, `history.ofCouple` its `history`; other verbs are the group's. */
function verbOf(name: TransactionName): string {
  const [group = '', verb = ''] = transactions[name].method.split('.');
  return isList(name) || verb.startsWith('of') ? group : verb;
}
