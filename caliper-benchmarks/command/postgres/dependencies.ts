import type { LedgerTransaction } from '../blocks/ledgerBlock.js';

type KeySets = Pick<LedgerTransaction, 'reads' | 'writes'>;

/**
 * For each transaction, the earlier ones that must commit before it begins, so that each finds the same versions as on
 * the ledger: the last writers of its keys, and the readers since then of the keys that it writes.
 * @returns positions, sorted
 */
export function dependenciesOf(transactions: readonly KeySets[]): number[][] {
  const lastWriter = new Map<string, number>();
  const readersSince = new Map<string, number[]>();
  return transactions.map(({ reads, writes }, at) => {
    const before = new Set<number>();
    const add = (position: number | undefined): void => {
      if (position !== undefined) before.add(position);
    };
    for (const { key } of reads) add(lastWriter.get(key));
    for (const { key } of writes) {
      add(lastWriter.get(key));
      readersSince.get(key)?.forEach(add);
    }
    for (const { key } of reads) {
      const readers = readersSince.get(key);
      if (readers === undefined) readersSince.set(key, [at]);
      else readers.push(at);
    }
    for (const { key } of writes) {
      lastWriter.set(key, at);
      readersSince.delete(key);
    }
    return [...before].sort((one, other) => one - other);
  });
}
