import { existsSync, readdirSync, type Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { connectMarket, type Market } from '@veritrain/client-sdk';
import type { LedgerTiming } from '@veritrain/client-sdk/fabric';
import { memberError } from '../errors/memberError.js';
import { MemberHome } from '../home/memberHome.js';
import { didYouMean } from '../errors/nearest.js';

/** One member, connected: its files, and its way into the market. */
export interface Member {
  readonly home: MemberHome;
  readonly market: Market;
  /** Fires when the member was closed by whoever opened it. */
  readonly closed?: AbortSignal | undefined;
  close(): void;
}

/** Where profiles live unless they are given by path. */
export const veritrainHome = (): string => process.env.VERITRAIN_HOME ?? join(homedir(), '.veritrain');

export const profilesFolder = (): string => join(veritrainHome(), 'profiles');

/** The names of the profiles there are. @throws what the system says, unless there is no folder of them yet */
function profileNames(): string[] {
  try {
    return readdirSync(profilesFolder()).filter((name) =>
      existsSync(join(profilesFolder(), name, 'profile.json')),
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * The folder of a profile: of the one that is named (a name, a folder or a profile file), else of
 * VERITRAIN_PROFILE, else of the only one there is.
 *
 * @throws PROFILE_UNKNOWN, PROFILE_AMBIGUOUS
 */
export function profileFolder(reference = process.env.VERITRAIN_PROFILE): string {
  if (reference === undefined || reference === '') return onlyProfile();
  const named = join(profilesFolder(), reference);
  for (const path of [resolve(reference), named]) {
    if (found(join(path, 'profile.json')) !== undefined) return path;
    if (basename(path) === 'profile.json' && found(path)?.isFile() === true) return dirname(path);
  }
  const names = profileNames();
  throw memberError('VT9101', `There is no profile ${reference}.${didYouMean(reference, names)}`, {
    facts: { profile: reference, lookedIn: profilesFolder() },
  });
}

/** What lies there. A folder that may not be looked into is no empty one. @throws what the system says to that */
const found = (path: string): Stats | undefined => statSync(path, { throwIfNoEntry: false });

function onlyProfile(): string {
  const names = profileNames();
  const [only] = names;
  if (only === undefined) {
    throw memberError('VT9101', 'There is no profile yet.', { facts: { lookedIn: profilesFolder() } });
  }
  if (names.length > 1) {
    throw memberError('VT9102', `There are ${names.length} profiles: ${names.join(', ')}.`);
  }
  return join(profilesFolder(), only);
}

/**
 * Connects the member of a profile. Nothing is sent until the first call.
 * @param timing what to wait for how long, where the SDK's defaults do not suit
 * @param passphrase of its keyring; null where a key file opens it. Default: `VERITRAIN_PASSPHRASE`
 */
export async function openMember(
  reference?: string,
  timing?: Partial<LedgerTiming>,
  passphrase: string | null = process.env.VERITRAIN_PASSPHRASE ?? null,
): Promise<Member> {
  const home = new MemberHome(profileFolder(reference));
  const market = await connectMarket({
    profile: home.profilePath,
    ...(passphrase === null ? {} : { passphrase }),
    ...(timing === undefined ? {} : { timing }),
  });
  return { home, market, close: () => market.close() };
}
