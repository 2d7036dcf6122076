import type { peer } from '@hyperledger/fabric-protos';
import { eventsOf } from '../commit/blockContent.js';
import type { CommittedBlock } from '../commit/committer.js';
import type { Chain } from '../store/chain.js';

const MOST_KEPT = 256;

/** The chaincode events of each block; those of the last blocks are kept, older ones read from the chain. */
export class BlockEvents {
  private readonly recent = new Map<number, readonly peer.ChaincodeEvent[]>();

  constructor(private readonly chain: Chain) {}

  remember(block: CommittedBlock): void {
    this.recent.set(
      block.number,
      block.transactions.flatMap(({ event }) => event ?? []),
    );
    this.recent.delete(block.number - MOST_KEPT);
  }

  async of(number: number): Promise<readonly peer.ChaincodeEvent[]> {
    const kept = this.recent.get(number);
    if (kept !== undefined) return kept;
    const block = await this.chain.readBlock(number);
    return block === undefined ? [] : eventsOf(block);
  }
}
