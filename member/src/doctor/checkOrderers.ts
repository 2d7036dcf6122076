import type { ChannelOrdering } from '@veritrain/client-sdk/fabric';
import type { Found } from './check.js';
import { reach, type Reach } from './reach.js';

/** How many of a number of consenters may fail while the others still reach consensus. */
const toleratedFailures = new Map<string, (consenters: number) => number>([
  ['etcdraft', (consenters) => Math.floor((consenters - 1) / 2)],
  ['BFT', (consenters) => Math.floor((consenters - 1) / 3)],
]);

const said: Readonly<Record<Exclude<Reach, 'answers'>, string>> = {
  refused: 'nothing listens there',
  silent: 'it takes connections and says nothing',
  unseen: 'no network route to it',
};

/**
 * Whether every orderer that the channel names answers. Only peers need to reach orderers, so the check is skipped on a
 * machine that reaches none.
 */
export async function checkOrderers({ consensus, addresses, consenters }: ChannelOrdering): Promise<Found> {
  if (consensus === 'solo') return skip('one orderer, inside the ledger itself');
  const seen = await Promise.all(
    addresses.map(async (address) => ({ address, found: await reach(address) })),
  );
  if (seen.every(({ found }) => found === 'unseen'))
    return skip(`this machine cannot reach ${addresses.join(', ')}`);
  const away = seen.flatMap(({ address, found }) =>
    found === 'answers' ? [] : [`${address} (${said[found]})`],
  );
  const answering = addresses.length - away.length;
  if (away.length === 0) return `${answering} answer, ${consensus}`;
  // A channel may name addresses in advance, as test-network-nano-bash does.
  if (consenters > 0 && answering >= consenters)
    return `${answering} answer, ${consensus}; the channel also names ${away.join(', ')}, and has no orderer for it`;
  const tolerated = toleratedFailures.get(consensus)?.(consenters);
  return {
    found: `no answer from ${away.length} of ${addresses.length}: ${away.join(', ')}; ${consequenceOf(away.length, tolerated)}`,
    fix: 'The operator of each missing orderer has to restart it; `veritrain network up` restarts the nodes of a network that it made. The orderer’s log says why it stopped.',
  };
}

const skip = (found: string): Found => ({ state: 'skipped', found });

function consequenceOf(away: number, tolerated: number | undefined): string {
  if (tolerated === undefined) return 'transactions may wait for them';
  return away <= tolerated
    ? `the others go on; ${tolerated} may be away at once`
    : 'the others are too few, so no transaction is ordered';
}
