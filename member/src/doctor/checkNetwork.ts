import { isVeritrainError, type Market } from '@veritrain/client-sdk';
import type { ChannelConfig } from '@veritrain/client-sdk/fabric';
import { votesNeeded } from '@veritrain/client-sdk/protocol';
import { limits } from '@veritrain/client-sdk/schemas';
import type { ActionContext } from '../calls/action.js';
import { differences } from '../enrolment/pinnedOrganizations.js';
import { check, type Check, type Found } from './check.js';
import { checkEndorsers } from './checkEndorsers.js';
import { checkOrderers } from './checkOrderers.js';

/** Checks the network under the market: its organisations, endorsers and orderers. Writes nothing. */
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

/** How many organisations it takes to write a result, to veto one, and to replace the contract. */
async function checkPolicy(
  market: Market,
  { organizations }: ChannelConfig,
  { signal }: ActionContext,
): Promise<Found> {
  const definition = await market.channel.contract({ signal });
  if (definition === undefined) return { state: 'skipped', found: 'the channel has no such contract' };
  const { endorsement, redefinition } = definition;
  if (endorsement === undefined) return 'a policy of a form that doctor does not evaluate';
  const { length } = organizations;
  const powers: readonly (readonly [what: string, takes: number | undefined, harms: boolean])[] = [
    ['write a result', endorsement.toWrite, true],
    ['veto a result', endorsement.toVeto, false],
    ['replace the contract', redefinition?.toWrite, true],
  ];
  const takes = powers.flatMap(([what, count]) => (count === undefined ? [] : [`${count} to ${what}`]));
  const alone = powers.filter(([, count]) => count === 1);
  const all = `of ${length} it takes ${takes.join(', ')}`;
  if (alone.length === 0) return all;
  const found = `${all}: a single one can ${alone.map(([what]) => what).join(' and ')}`;
  if (length < limits.minOrganizations) return `${found}, for development`;
  if (!alone.some(([, , harms]) => harms)) return found;
  return {
    found,
    fix: 'Give the contract (lifecycle definition) and the channel (LifecycleEndorsement) policies that no single organisation satisfies, such as a majority.',
  };
}

/** Whether the profile pins the channel's organisations, and whether a majority of them signs the same answer. */
async function checkTrust(
  market: Market,
  { organizations }: ChannelConfig,
  { signal }: ActionContext,
): Promise<Found> {
  const pinned = market.profile.organizations;
  const fix =
    'Compare the roots with the organisations over another channel than this gateway: veritrain trust pin';
  if (pinned === undefined)
    return { found: 'the profile pins no organisations, so it believes any gateway', fix };
  const differing = differences(pinned, organizations);
  if (differing.length > 0)
    return { found: differing.map(({ mspId, how }) => `${mspId} is ${how}`).join(', '), fix };
  try {
    await market.participants.whoAmI({}, { trust: 'endorsed', signal });
  } catch (error) {
    // The endorsers check reports missing endorsements.
    if (!isVeritrainError(error, 'VT8101', 'VT8110')) throw error;
    return { state: 'skipped', found: 'too few organisations endorse' };
  }
  return `${votesNeeded(pinned.length)} of the ${pinned.length} organisations of the profile sign one answer`;
}
