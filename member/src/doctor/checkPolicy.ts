import type { Market } from '@veritrain/client-sdk';
import type { ChannelConfig } from '@veritrain/client-sdk/fabric';
import { limits } from '@veritrain/client-sdk/schemas';
import type { ActionContext } from '../calls/context.js';
import type { Found } from './check.js';

/** Who can write results, who can stop them, and who can replace the contract: by the policies that peers go by. */
export async function checkPolicy(
  market: Market,
  { organizations }: ChannelConfig,
  { signal }: ActionContext,
): Promise<Found> {
  const definition = await market.channel.contract({ signal });
  if (definition === undefined) return { state: 'skipped', found: 'the channel has no such contract' };
  const { endorsement, redefinition } = definition;
  if (endorsement === undefined) return 'a rule of its own, which is not read here';
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
    fix: 'Give the contract (lifecycle definition) and the channel (LifecycleEndorsement) policies that no organisation meets alone, such as a majority.',
  };
}
