import type { Organization } from '../organizations.js';
import { connectChannel } from './connection.js';
import { heightOf } from './height.js';
import type { LedgerBlock } from './ledgerBlock.js';
import { parseBlock } from './parseBlock.js';

export interface BlockRange {
  /** Number of the first block; 0 is the channel's configuration. */
  readonly from: bigint;
  /** Number after the last block (default: the channel's height at the start). */
  readonly to?: bigint;
}

/**
 * Reads the blocks of a running network, one at a time, as its administrator.
 * @throws GatewayError if the network does not answer
 */
export async function* readBlocks(
  organization: Organization,
  { from, to }: BlockRange,
): AsyncGenerator<LedgerBlock> {
  const end = to ?? (await heightOf(organization));
  if (from >= end) return;
  const { network, close } = connectChannel(organization);
  try {
    for await (const block of await network.getBlockEvents({ startBlock: from })) {
      const parsed = parseBlock(block);
      yield parsed;
      if (BigInt(parsed.number) + 1n >= end) return;
    }
  } finally {
    close();
  }
}
