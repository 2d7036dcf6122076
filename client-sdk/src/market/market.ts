import { type LedgerContext, participantIdOf } from '@veritrain/chaincode/domain';
import type { Keyring } from '../keys/keyring.js';
import { newId } from '../keys/newId.js';
import { openKeyring } from '../keys/keyringFile.js';
import { sdkError } from '../errors/veritrainError.js';
import { connectLedger } from '../ledger/connection.js';
import { checkIdentity } from '../ledger/identity.js';
import type { LedgerTiming } from '../ledger/timing.js';
import type { Ledger } from '../ledger/types.js';
import { locateProfile } from '../profile/locate.js';
import { type LoadedProfile, type Profile, loadProfile, resolveProfile } from '../profile/profile.js';
import { readTextIfAny } from '../storage/files.js';
import { type CallOptions, type Calls, callsTo } from './calls.js';
import { type ChannelView, channelOf } from './channel.js';
import { type Couples, couplesOf } from './couples.js';
import { type CrossCheck, type CrossCheckInput, crossCheck } from './crossCheck.js';
import { type MarketEvents, eventsOf } from './events.js';
import { groupOf } from './facade.js';
import { LedgerPin } from './genesis.js';
import { handlesOf, type RecordHandles } from './recordHandles.js';
import type { GroupMethods, InstancesMethods } from './methods.js';
import { openVault, type VaultOfMember } from './openVault.js';
import { ownDrawChain } from './ownDrawChain.js';

/** Whose view of a market to open. */
export interface ConnectOptions {
  /** A profile, or its file, its folder, or its name under `$VERITRAIN_HOME/profiles`. */
  readonly profile: string | Profile;
  /** Opens a keyring that a passphrase locks. */
  readonly passphrase?: string | undefined;
  /** How long things may take; see `defaultTiming` of `/fabric`. */
  readonly timing?: Partial<LedgerTiming> | undefined;
}

/** What `market.instances` has: the transactions and queries, and a check that they allow. */
export interface Instances extends InstancesMethods {
  /** Whether the sisters of a slot committed to the package that its host was given. Errors: NOT_FOUND, INPUT_INVALID. */
  crossCheck(input: CrossCheckInput, options?: CallOptions): Promise<CrossCheck>;
}

/** One member's view of one market. */
export interface Market
  extends Calls, VaultOfMember, RecordHandles, Omit<GroupMethods, 'instances' | 'couples'> {
  /** The profile that it was opened with, its files read. */
  readonly profile: LoadedProfile;
  /** Channel and chaincode, which go into every hash. */
  readonly place: LedgerContext;
  /** This member's id, where the profile names it. */
  readonly participantId: string | undefined;
  /**
   * Derives for this ledger alone.
   *
   * @throws KEYRING_MISSING, KEYRING_LOCKED when it could not be opened on connecting; deriving throws GATEWAY_UNREACHABLE, …
   * while a ledger that the profile never met cannot be asked which it is.
   */
  readonly keyring: Keyring;
  /** Transactions and queries about slots. */
  readonly instances: Instances;
  /** Transactions and queries about couples. */
  readonly couples: Couples;
  /** The changes of the market. */
  readonly events: MarketEvents;
  /** The network under the market, for finding out what is wrong with it. */
  readonly channel: ChannelView;
  /** Number of blocks of the ledger. */
  height(options?: CallOptions): Promise<bigint>;
  /** Ends the connection: watchers fail with ABORTED, and so does every later call. */
  close(): void;
  /** The same, for `await using market = await connectMarket(…)`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens a member's view of a market: reads the profile, its certificate and key, opens the keyring. A profile that never
 * met its ledger asks it for the channel's first block; else nothing is sent before the first call. A lost connection is
 * dialled again by itself.
 *
 * @throws PROFILE_INVALID, FILE_UNREADABLE, IDENTITY_INVALID, KEYRING_LOCKED (a wrong passphrase), KEY_FILE_EXPOSED.
 */
export async function connectMarket({ profile, passphrase, timing }: ConnectOptions): Promise<Market> {
  const loaded = typeof profile === 'string' ? loadProfile(locateProfile(profile)) : resolveProfile(profile);
  const { gateway, channel, chaincode, organizations } = loaded;
  const identity = checkIdentity(loaded);
  const unbound = await keyringOf(loaded, passphrase);
  const vault = await openVault(loaded.vault, loaded);
  const ledger = connectLedger({ ...gateway, identity, channel, chaincode, timing, organizations });
  const pin = await LedgerPin.open(ledger, loaded);
  let bound: Keyring | undefined;
  const keyring = () => (bound ??= unbound().on(() => pin.get()));
  return marketOn(ledger, loaded, { keyring, vault });
}

/** The keyring, or the reason why asking for it must fail: reading the ledger needs none. */
async function keyringOf(
  { keyring: { path, keyFile } }: LoadedProfile,
  passphrase: string | undefined,
): Promise<() => Keyring> {
  const lock = passphrase === undefined ? undefined : { path, passphrase };
  const location = lock ?? (keyFile === undefined ? undefined : { path, keyFile });
  if (readTextIfAny(path) === undefined) return missing(path);
  if (location === undefined) return locked(path);
  const keyring = await openKeyring(location);
  return () => keyring;
}

const missing = (path: string) => (): never => {
  throw sdkError('VT8301', `There is no keyring at ${path}.`, { facts: { path } });
};

const locked = (path: string) => (): never => {
  throw sdkError('VT8302', `The keyring at ${path} needs its passphrase.`, { facts: { path } });
};

/** The facade over any ledger. */
export function marketOn(
  ledger: Ledger,
  profile: LoadedProfile,
  { keyring, vault }: { keyring: () => Keyring; vault: VaultOfMember },
): Market {
  const calls = callsTo(ledger);
  const events = eventsOf(ledger, profile.home);
  const place = { channel: ledger.channel, chaincode: ledger.chaincode };
  const handles = handlesOf(calls, { events, place });
  const close = (): void => {
    ledger.close();
  };
  return {
    ...calls,
    ...handles,
    profile,
    place,
    participantId: profile.participantId,
    ...vault,
    get keyring() {
      return keyring();
    },
    participants: groupOf(calls, 'participants'),
    datasets: groupOf(calls, 'datasets'),
    instances: {
      ...groupOf(calls, 'instances'),
      crossCheck: (input, options) => crossCheck(calls, place, input, options),
    },
    models: groupOf(calls, 'models'),
    couples: couplesOf(calls, {
      place,
      events,
      handleOf: handles.couple,
      newCoupleId: () => newId('tc', { ...place, ownerId: participantIdOf(keyring()) }),
      anchorOf: (coupleId, terms) =>
        ownDrawChain({ place, keyring: keyring() }, 'modelOwner', coupleId, terms).anchor,
    }),
    rounds: groupOf(calls, 'rounds'),
    jobs: groupOf(calls, 'jobs'),
    clock: groupOf(calls, 'clock'),
    config: groupOf(calls, 'config'),
    history: groupOf(calls, 'history'),
    events,
    channel: channelOf(ledger),
    height: (options) => ledger.height(options),
    close,
    [Symbol.asyncDispose]() {
      close();
      return Promise.resolve();
    },
  };
}
