import type { ChannelOrdering } from '@veritrain/client-sdk/fabric';
import type { Found } from './check.js';
import { reach, type Reach } from './reach.js';

/** How many of so many consenters may be away while the others still decide. */
const mayBeAway = new Map<string, (consenters: number) => number>([
  ['etcdraft', (consenters) => Math.floor((consenters - 1) / 2)],
  ['BFT', (consenters) => Math.floor((consenters - 1) / 3)],
]);

const said: Readonly<Record<Exclude<Reach, 'answers'>, string>> = {
  refused: 'nothing listens there',
  silent: 'it takes connections and says nothing',
  unseen: 'there is no way there',
};

/**
 * Whether every orderer answers that the channel names. Members need no way to orderers, peers do: where this machine
 * has none to any of them, nothing is said of them.
 */
export async function checkOrderers({ consensus, addresses, consenters }: ChannelOrdering): Promise<Found> {
  if (consensus === 'solo') return skip('one orderer, within the ledger itself');
  const seen = await Promise.all(
    addresses.map(async (address) => ({ address, found: await reach(address) })),
  );
  if (seen.every(({ found }) => found === 'unseen'))
    return skip(`there is no way to ${addresses.join(', ')} from this machine`);
  const away = seen.flatMap(({ address, found }) =>
    found === 'answers' ? [] : [`${address} (${said[found]})`],
  );
  const answering = addresses.length - away.length;
  if (away.length === 0) return `${answering} answer, ${consensus}`;
  // A channel may name addresses in advance, as test-network-nano-bash does.
  if (consenters > 0 && answering >= consenters)
    return `${answering} answer, ${consensus}; the channel also names ${away.join(', ')}, and has no orderer for it`;
  const most = mayBeAway.get(consensus)?.(consenters);
  return {
    found: `no answer from ${away.length} of ${addresses.length}: ${away.join(', ')}; ${comesTo(away.length, most)}`,
    fix: 'Whoever runs an orderer that is away starts it again; `veritrain network up` does so on a network of its own. Its log says why it ended.',
  };
}

const skip = (found: string): Found => ({ state: 'skipped', found });

function comesTo(away: number, most: number | undefined): string {
  if (most === undefined) return 'transactions may wait for them';
  return away <= most
    ? `the others go on; ${most} may be away at once`
    : 'the others are too few, so no transaction is ordered';
}
