import { contentOf, entriesOf } from './commit/blockContent.js';
import type { HistoryReader } from './peer/transactionContext.js';
import type { Modification } from './peer/queryResponses.js';
import type { Chain } from './store/chain.js';
import type { Version } from './store/version.js';

/** Reads a key's history from the blocks that the history index names. */
export function createHistoryReader(chain: Chain, namespace: string): HistoryReader {
  return async function* history(key) {
    for (const version of await chain.state.history(namespace, key)) {
      const modification = await modificationAt(chain, namespace, key, version);
      if (modification !== undefined) yield modification;
    }
  };
}

async function modificationAt(
  chain: Chain,
  namespace: string,
  key: string,
  version: Version,
): Promise<Modification | undefined> {
  const block = await chain.readBlock(version.block);
  const entry = block && entriesOf(block).find(({ index }) => index === version.transaction);
  const sets = entry && contentOf(entry)?.sets;
  const write = sets?.find((set) => set.namespace === namespace)?.writes.find((one) => one.key === key);
  if (entry === undefined || write === undefined) return undefined;
  const { transactionId, timestamp } = entry.header;
  return { transactionId, timestamp, value: write.value };
}
