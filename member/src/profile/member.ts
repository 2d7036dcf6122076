import { existsSync, readdirSync, type Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { connectMarket, type Market } from '@veritrain/client-sdk';
import type { LedgerTiming } from '@veritrain/client-sdk/fabric';
import { memberError } from '../errors/memberError.js';
import { MemberHome } from '../home/memberHome.js';
import { didYouMean } from '../errors/nearest.js';

/** A connected member: its files, and the market. */
export interface Member {
  /** Its files on this machine. */
  readonly home: MemberHome;
  /** The client SDK, connected with the member's profile. */
  readonly market: Market;
  /** Fires when the member is closed. */
  readonly closed?: AbortSignal | undefined;
  /** Closes the connection. Waiting calls fail with ABORTED. */
  close(): void;
}

/** The folder of Veritrain's files: VERITRAIN_HOME, else `~/.veritrain`. */
export const veritrainHome = (): string => process.env.VERITRAIN_HOME ?? join(homedir(), '.veritrain');

/** The folder of all profiles of this user, each in a folder of its name. */
export const profilesFolder = (): string => join(veritrainHome(), 'profiles');

/** The names of all profiles; none if their folder does not exist yet. @throws other errors of the system */
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
 * The folder of a profile.
 *
 * @param reference a name, a folder or a profile file; default: VERITRAIN_PROFILE, else the only profile
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

/** The file or folder at a path, if it exists. @throws errors of the system, such as for a folder without permission */
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
 * Connects the member of a profile. Sends nothing until the first call.
 * @param reference a profile's name, folder or file; default: `VERITRAIN_PROFILE`, or the only profile
 * @param timing time limits that replace the SDK's defaults
 * @param passphrase of its keyring; null if a key file opens it. Default: `VERITRAIN_PASSPHRASE`
 * @throws PROFILE_UNKNOWN, PROFILE_AMBIGUOUS, PROFILE_INVALID
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
