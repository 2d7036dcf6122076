import { ContractError, defaultPageSize } from '../domain/index.js';
import type { Collection, KeyPart } from './collections.js';
import type { Page } from './overlay.js';
import type { Transaction } from './transaction.js';

export interface PageInput {
  readonly pageSize?: number | undefined;
  readonly bookmark?: string | undefined;
}

/** One page of records under a key prefix, filtered by `keep`. */
export async function listRecords<Value>(
  tx: Transaction,
  collection: Collection<Value>,
  parts: readonly KeyPart[],
  input: PageInput,
  keep: (value: Value) => boolean = () => true,
): Promise<Page<Value>> {
  const page = await tx.ledger.page(
    collection,
    parts,
    input.pageSize ?? defaultPageSize,
    input.bookmark ?? '',
  );
  return { items: page.items.filter(keep), bookmark: page.bookmark };
}

/** One page of the records that an index names under `parts`. */
export async function listByIndex<Value>(
  tx: Transaction,
  index: Collection<readonly KeyPart[]>,
  parts: readonly KeyPart[],
  target: Collection<Value>,
  input: PageInput,
  keep: (value: Value) => boolean = () => true,
): Promise<Page<Value>> {
  const page = await listRecords(tx, index, parts, input);
  await tx.ledger.prepare(...page.items.map((key) => [target, ...key] as const));
  const items: Value[] = [];
  for (const key of page.items) {
    const value = await tx.ledger.get(target, ...key);
    if (value === null)
      throw new ContractError('INTERNAL', 'An index row names a record that does not exist.');
    if (keep(value)) items.push(value);
  }
  return { items, bookmark: page.bookmark };
}
