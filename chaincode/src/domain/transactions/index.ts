import type { z } from 'zod';
import { coupleTransactions } from './couple.js';
import { datasetTransactions } from './dataset.js';
import { instanceTransactions } from './instance.js';
import { marketTransactions } from './market.js';
import { modelTransactions } from './model.js';
import { participantTransactions } from './participant.js';
import { roundTransactions } from './round.js';

/** Every transaction and query of the market, by name. */
export const transactions = {
  ...marketTransactions,
  ...participantTransactions,
  ...datasetTransactions,
  ...instanceTransactions,
  ...modelTransactions,
  ...coupleTransactions,
  ...roundTransactions,
} as const;

/** The name of a transaction or query. */
export type TransactionName = keyof typeof transactions;
/** The names of all transactions and queries. */
export const transactionNames = Object.keys(transactions) as TransactionName[];

/** The input that a caller may give, in which fields with defaults are optional. */
export type InputOf<Name extends TransactionName> = z.input<(typeof transactions)[Name]['input']>;
/** The parsed input that the contract receives. */
export type ParsedInputOf<Name extends TransactionName> = z.output<(typeof transactions)[Name]['input']>;
/** What the contract answers. */
export type OutputOf<Name extends TransactionName> = z.output<(typeof transactions)[Name]['output']>;

/** The name that a Fabric client calls: `RoundContract:SubmitUpdate`. */
export const qualifiedName = (name: TransactionName): string => `${transactions[name].contract}:${name}`;
