import { isValid, type KeyRead, type LedgerTransaction, type Version } from './ledgerBlock.js';

/** The versions of the keys, as far as the given blocks contain them. */
export class KeyVersions {
  /** Null for a deleted key. */
  readonly #versions = new Map<string, Version | null>();

  /** Applies transactions in the order of the chain. Only valid ones write. */
  apply(transaction: LedgerTransaction): void {
    if (!isValid(transaction)) return;
    const { chaincode, block, position, writes } = transaction;
    const version = { block, position };
    for (const { key, value } of writes)
      this.#versions.set(named(chaincode, key), value === null ? null : version);
  }

  /**
   * The keys that the transaction read in an old version. Keys that no given block wrote are unknown, so they are
   * omitted.
   */
  staleReads({ chaincode, reads }: LedgerTransaction): string[] {
    return reads
      .filter((read) => {
        const current = this.#versions.get(named(chaincode, read.key));
        return current !== undefined && !isSame(current, read.version);
      })
      .map(({ key }) => key);
  }
}

const named = (chaincode: string, key: string): string => `${chaincode}\n${key}`;

const isSame = (one: Version | null, other: KeyRead['version']): boolean =>
  one?.block === other?.block && one?.position === other?.position;
