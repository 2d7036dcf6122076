import type { Market } from '@veritrain/client-sdk';
import type { ChannelConfig } from '@veritrain/client-sdk/fabric';
import type { ActionContext } from '../calls/context.js';
import { check, type Check } from './check.js';
import { checkEndorsers } from './checkEndorsers.js';
import { checkOrderers } from './checkOrderers.js';
import { checkPolicy } from './checkPolicy.js';
import { checkTrust } from './checkTrust.js';

/** The network under the market: who takes part, who endorses, who orders. Nothing is written. */
export async function checkNetwork(
  market: Market,
  config: ChannelConfig,
  context: ActionContext,
): Promise<Check[]> {
  const [channel, policy, trust, endorsers, orderers] = await Promise.all([
    check('channel', () => config.organizations.map(({ mspId }) => mspId).join(', ')),
    check('policy', () => checkPolicy(market, config, context)),
    check('trust', () => checkTrust(market, config, context)),
    checkEndorsers(market, config, context),
    check('orderers', () => checkOrderers(config.ordering)),
  ]);
  return [channel, policy, trust, ...endorsers, orderers];
}
