import { leastOrganizations, type ChannelConfig, type Market } from '@veritrain/client-sdk';
import type { ActionContext } from '../context.js';
import { check, type Check } from './check.js';
import { checkEndorsers } from './checkEndorsers.js';
import { checkOrderers } from './checkOrderers.js';

/** The network under the market: who takes part, who endorses, who orders. Nothing is written. */
export async function checkNetwork(
  market: Market,
  config: ChannelConfig,
  context: ActionContext,
): Promise<Check[]> {
  const [channel, endorsers, orderers] = await Promise.all([
    check('channel', () => describeChannel(config)),
    checkEndorsers(market, config, context),
    check('orderers', () => checkOrderers(config.ordering)),
  ]);
  return [channel, ...endorsers, orderers];
}

function describeChannel({ organizations, endorsementsNeeded }: ChannelConfig): string {
  const names = organizations.map(({ mspId }) => mspId).join(', ');
  const rule =
    endorsementsNeeded === undefined
      ? 'endorsed by a rule of its own'
      : `${endorsementsNeeded} of ${organizations.length} must endorse`;
  const few = organizations.length < leastOrganizations;
  return `${names}; ${rule}${few ? ': a single one can write or veto a result, for development' : ''}`;
}
