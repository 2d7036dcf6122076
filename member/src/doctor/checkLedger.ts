import type { LoadedProfile, Market, MarketConfig } from '@veritrain/client-sdk';
import type { ChannelConfig } from '@veritrain/client-sdk/fabric';
import type { ActionContext } from '../calls/context.js';
import { developmentNote } from '../enrolment/developmentMarket.js';
import { check, type Check, type Found, skipped } from './check.js';
import { checkNetwork } from './checkNetwork.js';
import { checkVoters } from './checkVoters.js';

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

/** The way to the ledger, the network behind it, and what the ledger says of this member. */
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
  if (config === undefined) return [peer, ...skipped('no peer to ask', ...ledgerChecks.slice(1))];
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
    return [contract, ...skipped('no contract to ask', 'market', 'voters', 'clock', 'participant')];
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
      : { name: 'participant', state: 'skipped', found: 'the keyring has to open first' },
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
      fix: 'Set the clock of this machine right (NTP): its ticks and transactions would be refused.',
    };
  }
  return `not behind the market's last tick, ${new Date(time).toISOString()}`;
}

async function checkParticipant(market: Market, signal: AbortSignal | undefined): Promise<Found> {
  const { participant } = await market.participants.whoAmI({}, { signal });
  if (participant === null) {
    return {
      state: 'skipped',
      found: 'not registered; administrators need not be, members do',
      fix: 'veritrain participant register --role <role>',
    };
  }
  const { signingKey, encryptionKey } = market.keyring;
  const same = participant.signingKey.x === signingKey.x && participant.encryptionKey.x === encryptionKey.x;
  if (same) return `${participant.participantId}, ${participant.roles.join(', ')}`;
  return {
    found: `${participant.participantId} is registered with other keys than this keyring's`,
    fix: 'Use the keyring that the participant was registered with; its keys cannot be changed.',
  };
}
