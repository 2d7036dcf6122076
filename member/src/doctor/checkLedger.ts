import type { LoadedProfile, Market, MarketConfig } from '@veritrain/client-sdk';
import type { ChannelConfig } from '@veritrain/client-sdk/fabric';
import type { ActionContext } from '../calls/action.js';
import { developmentNote } from '../enrolment/pinnedOrganizations.js';
import { check, type Check, type Found, skipped } from './check.js';
import { checkNetwork } from './checkNetwork.js';

export const ledgerChecks = [
  'peer',
  'channel',
  'policy',
  'trust',
  'endorsers',
  'endorsement',
  'orderers',
  'contract',
  'market',
  'voters',
  'clock',
  'participant',
] as const;

/** Checks the connection to the ledger, the network behind it, the market, and this member's record. */
export async function checkLedger(
  market: Market,
  profile: LoadedProfile,
  keyringOpens: boolean,
  context: ActionContext,
): Promise<Check[]> {
  const startedAt = performance.now();
  let config: ChannelConfig | undefined;
  const peer = await check('peer', async () => {
    config = await market.channel.config({ signal: context.signal });
    const ms = Math.round(performance.now() - startedAt);
    return `${profile.gateway.address} answers on ${profile.channel} after ${ms} ms`;
  });
  if (config === undefined) return [peer, ...skipped('no peer answers', ...ledgerChecks.slice(1))];
  const [network, contract] = await Promise.all([
    checkNetwork(market, config, context),
    checkContract(market, config, { ...profile, keyringOpens }, context),
  ]);
  return [peer, ...network, ...contract];
}

async function checkContract(
  market: Market,
  channel: ChannelConfig,
  { chaincode, keyringOpens }: LoadedProfile & { keyringOpens: boolean },
  { signal }: ActionContext,
): Promise<Check[]> {
  const contract = await check('contract', async () => {
    await market.participants.whoAmI({}, { signal });
    return `${chaincode} answers`;
  });
  if (contract.state === 'failed')
    return [contract, ...skipped('the contract does not answer', 'market', 'voters', 'clock', 'participant')];
  let configured: MarketConfig | undefined;
  const config = await check('market', async () => {
    const found = await market.config.get({}, { signal });
    configured = found;
    const note = developmentNote(found);
    return `configuration ${found.version}${note === undefined ? '' : `, ${note}`}`;
  });
  if (configured === undefined)
    return [contract, config, ...skipped('no market yet', 'voters', 'clock', 'participant')];
  const voting = configured;
  return [
    contract,
    config,
    await check('voters', () => checkVoters(voting, channel)),
    await check('clock', () => checkClock(market, signal)),
    keyringOpens
      ? await check('participant', () => checkParticipant(market, signal))
      : { name: 'participant', state: 'skipped', found: 'the keyring must open first' },
  ];
}

async function checkClock(market: Market, signal: AbortSignal | undefined): Promise<Found> {
  const { settings } = await market.config.get({}, { signal });
  const { sequence, time } = await market.clock.get({}, { signal });
  if (sequence === 0) return 'the market has not ticked yet; agents tick while they wait';
  const behindMs = time - Date.now();
  if (behindMs > settings.windowMs) {
    return {
      found: `this machine is ${Math.round(behindMs)} ms behind the market's clock`,
      fix: 'Set the clock of this machine right (NTP): the market would refuse its ticks and transactions.',
    };
  }
  return `not behind the market's last tick, ${new Date(time).toISOString()}`;
}

async function checkParticipant(market: Market, signal: AbortSignal | undefined): Promise<Found> {
  const { participant } = await market.participants.whoAmI({}, { signal });
  if (participant === null) {
    return {
      state: 'skipped',
      found: 'not registered; members must be, administrators need not',
      fix: 'veritrain participant register --role <role>',
    };
  }
  const { signingKey, encryptionKey } = market.keyring;
  const same = participant.signingKey.x === signingKey.x && participant.encryptionKey.x === encryptionKey.x;
  if (same) return `${participant.participantId}, ${participant.roles.join(', ')}`;
  return {
    found: `${participant.participantId} is registered with other keys than this keyring has`,
    fix: 'Use the keyring that the participant was registered with; its keys cannot be changed.',
  };
}

/** Whether the organisations that vote on the market's settings are the channel's. */
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
    fix: 'Let the others vote for settings without it (ProposeConfig): its vote is missing from every majority.',
  };
}
