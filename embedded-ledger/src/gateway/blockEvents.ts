import type { peer } from '@hyperledger/fabric-protos';
import { eventsOf } from '../commit/blockContent.js';
import { BoundedCache } from '../boundedCache.js';
import type { CommittedBlock } from '../commit/committer.js';
import type { Chain } from '../store/chain.js';

const MAX_KEPT_BYTES = 32 * 1024 * 1024;
/** The size of an event without its payload. */
const EVENT_BYTES = 512;

/** The chaincode events of each block. Those of the newest blocks are cached; older ones are read from the chain. */
export class BlockEvents {
  private readonly recent = new BoundedCache<number, readonly peer.ChaincodeEvent[]>(MAX_KEPT_BYTES);

  constructor(private readonly chain: Chain) {}

  remember(block: CommittedBlock): void {
    const events = block.transactions.flatMap(({ event }) => event ?? []);
    const bytes = events.reduce(
      (sum, event) => sum + event.getPayload_asU8().length + EVENT_BYTES,
      EVENT_BYTES,
    );
    this.recent.set(block.number, events, bytes);
  }

  async of(number: number): Promise<readonly peer.ChaincodeEvent[]> {
    const kept = this.recent.get(number);
    if (kept !== undefined) return kept;
    const block = await this.chain.readBlock(number);
    return block === undefined ? [] : eventsOf(block);
  }
}
