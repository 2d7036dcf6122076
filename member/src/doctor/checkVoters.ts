import type { MarketConfig } from '@veritrain/client-sdk';
import type { ChannelConfig } from '@veritrain/client-sdk/fabric';
import type { Found } from './check.js';

/** Whether those who decide about the market are those of whom the channel consists. */
export function checkVoters({ settings }: MarketConfig, { organizations }: ChannelConfig): Found {
  const voting = settings.votingOrganizations;
  const members = organizations.map(({ mspId }) => mspId);
  const strangers = voting.filter((mspId) => !members.includes(mspId));
  const silent = members.filter((mspId) => !voting.includes(mspId));
  const votes = voting.length === 1 ? 'votes' : 'vote';
  const left = silent.length === 0 ? '' : `; of the channel’s organisations ${silent.join(', ')} may not`;
  const found = `${voting.join(', ')} ${votes}${left}`;
  if (strangers.length === 0) return silent.length === 0 ? `${found}, as the channel has them` : found;
  return {
    found: `${found}; ${strangers.join(', ')} is no organisation of the channel`,
    fix: 'Have the others vote for settings without it (ProposeConfig): its vote counts as missing in every majority.',
  };
}
