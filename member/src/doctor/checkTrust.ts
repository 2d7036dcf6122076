import { isVeritrainError, type Market } from '@veritrain/client-sdk';
import type { ChannelConfig } from '@veritrain/client-sdk/fabric';
import { votesNeeded } from '@veritrain/client-sdk/protocol';
import type { ActionContext } from '../calls/context.js';
import { differences } from '../enrolment/pinnedOrganizations.js';
import type { Found } from './check.js';

/**
 * Whether the organisations that the profile pins are the channel's, as the gateway has it, and whether a majority of them
 * gives one answer to one question.
 */
export async function checkTrust(
  market: Market,
  { organizations }: ChannelConfig,
  { signal }: ActionContext,
): Promise<Found> {
  const pinned = market.profile.organizations;
  const fix =
    'Compare the roots with the organisations, by another way than this gateway: veritrain trust pin';
  if (pinned === undefined)
    return { found: 'the profile pins no organisations, so any gateway is believed', fix };
  const differing = differences(pinned, organizations);
  if (differing.length > 0)
    return { found: differing.map(({ mspId, how }) => `${mspId} is ${how}`).join(', '), fix };
  try {
    await market.participants.whoAmI({}, { trust: 'endorsed', signal });
  } catch (error) {
    // Who does not endorse is the finding of another check.
    if (!isVeritrainError(error, 'VT8101', 'VT8110')) throw error;
    return { state: 'skipped', found: 'too few organisations endorse to be asked' };
  }
  return `${votesNeeded(pinned.length)} of the ${pinned.length} organisations of the profile sign one answer`;
}
