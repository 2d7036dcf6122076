import { digestSchema } from '@veritrain/client-sdk/schemas';
import { z } from 'zod';
import { memberError } from '../errors/memberError.js';
import type { MemberHome } from '../home/memberHome.js';
import { StateFile } from '../home/stateFile.js';

const spendingSchema = z.strictObject({
  datasetId: z.string(),
  templateDigest: digestSchema,
  epsilon: z.number(),
  delta: z.number(),
});

const tableSchema = z.strictObject({
  /** Of the file's bytes. */
  digest: digestSchema,
  source: z.string(),
  /** The most that all datasets of the table may spend together. */
  budget: z.number(),
  published: z.array(spendingSchema),
});

const budgetFileSchema = z.strictObject({ schemaVersion: z.literal(1), tables: z.array(tableSchema) });

/** What a dataset with differential privacy spends of its table, once it is published. */
export interface PrivacySpending {
  /** The digest of the table's file. */
  readonly tableDigest: string;
  /** The file's name, without its folder. */
  readonly source: string;
  /** Rows that are trained on. */
  readonly rows: number;
  /** Of the dataset's terms. */
  readonly epsilon: number;
  /** Of the dataset's terms. */
  readonly delta: number;
  /** The most epsilon that all datasets of the table may spend. Default: what was stated before, else this dataset's. */
  readonly budget?: number | undefined;
}

/** Refuses spellings of the sum's rounding alone. */
const rounding = 1e-9;

/** What this member has spent of the privacy of its tables: `privacy-budget.json` beside the profile. */
export class PrivacyBudget {
  readonly #file: StateFile<z.infer<typeof budgetFileSchema>>;

  constructor(home: MemberHome) {
    this.#file = new StateFile(home.file('privacy-budget.json'), budgetFileSchema);
  }

  /**
   * Refuses a dataset that its table's budget has no room for. The same dataset again costs nothing.
   * @throws PRIVACY_SPENT
   */
  require(datasetId: string, spending: PrivacySpending): void {
    const { tableDigest, source, rows } = spending;
    const table = this.#table(tableDigest);
    const others = (table?.published ?? []).filter((of) => of.datasetId !== datasetId);
    const sum = (of: 'epsilon' | 'delta'): number =>
      others.reduce((sofar, one) => sofar + one[of], spending[of]);
    const budget = spending.budget ?? table?.budget ?? spending.epsilon;
    const facts = { source, epsilon: sum('epsilon'), budget, published: others.length };
    if (sum('epsilon') > budget + rounding)
      throw memberError(
        'VT9213',
        `${source} would have spent an epsilon of ${sum('epsilon').toString()}, of ${budget.toString()}.`,
        { facts },
      );
    if (sum('delta') >= 1 / rows)
      throw memberError('VT9213', `${source}: the deltas of its datasets add up to one row or more.`, {
        facts: { ...facts, delta: sum('delta') },
      });
  }

  /** Notes a dataset before it leaves this member. @throws as {@link require} */
  spend(datasetId: string, templateDigest: string, spending: PrivacySpending): void {
    this.require(datasetId, spending);
    const { tableDigest, source, epsilon, delta } = spending;
    const table = this.#table(tableDigest);
    const tables = (this.#file.read()?.tables ?? []).filter(({ digest }) => digest !== tableDigest);
    const others = (table?.published ?? []).filter((of) => of.datasetId !== datasetId);
    tables.push({
      digest: tableDigest,
      source,
      budget: spending.budget ?? table?.budget ?? epsilon,
      published: [...others, { datasetId, templateDigest, epsilon, delta }],
    });
    this.#file.write({ schemaVersion: 1, tables });
  }

  /** Refuses to split a table without noise that was published with it. @throws PRIVACY_SPENT */
  requireUnspent(tableDigest: string): void {
    const table = this.#table(tableDigest);
    if (table === undefined) return;
    const { source, published } = table;
    throw memberError(
      'VT9213',
      `${source} was published with differential privacy: a split without it would undo that.`,
      { facts: { source, published: published.length } },
    );
  }

  #table(digest: string): z.infer<typeof tableSchema> | undefined {
    return this.#file.read()?.tables.find((table) => table.digest === digest);
  }
}
