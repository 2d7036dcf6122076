import {
  leastOrganizations,
  type ChannelConfig,
  type EndorsementPolicy,
  type Market,
} from '@veritrain/client-sdk';
import type { ActionContext } from '../context.js';
import type { Found } from './check.js';

/** Who can write results, and who can stop them: by the contract's own endorsement policy. */
export async function checkPolicy(
  market: Market,
  { organizations }: ChannelConfig,
  { signal }: ActionContext,
): Promise<Found> {
  const definition = await market.channel.contract({ signal });
  if (definition === undefined) return { state: 'skipped', found: 'the channel has no such contract' };
  const { endorsement } = definition;
  if (endorsement === undefined) return 'a rule of its own, which is not read here';
  const { length } = organizations;
  const takes = `it takes ${endorsement.toWrite} of ${length} to write a result, ${endorsement.toVeto} to veto one`;
  const alone = aloneIn(endorsement);
  if (alone === undefined) return takes;
  const found = `${takes}: a single one can ${alone}`;
  if (length < leastOrganizations) return `${found}, for development`;
  if (endorsement.toWrite > 1) return found;
  return {
    found,
    fix: 'Have the organisations approve and commit the contract with a policy that none of them meets alone; without one of its own it has the channel’s, as a rule a majority.',
  };
}

/** What one organisation can do without any other. */
function aloneIn({ toWrite, toVeto }: EndorsementPolicy): string | undefined {
  if (toWrite === 1) return toVeto === 1 ? 'write or veto a result' : 'write a result';
  return toVeto === 1 ? 'veto a result' : undefined;
}
