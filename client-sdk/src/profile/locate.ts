import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { sdkError } from '../errors/veritrainError.js';
import { userPath } from './userPath.js';

const fileName = 'profile.json';

/**
 * The file of a profile that is given as a path, as the path of its folder, or as a name under
 * `$VERITRAIN_HOME/profiles` (`~/.veritrain/profiles` where that is unset or empty).
 *
 * @throws FILE_UNREADABLE, naming where it was looked for.
 */
export function locateProfile(reference: string): string {
  const named = process.env.VERITRAIN_HOME;
  const home = named === undefined || named === '' ? join(homedir(), '.veritrain') : userPath(named);
  const places = [resolve(userPath(reference)), join(home, 'profiles', reference)];
  const found = places.find((place) => existsSync(place));
  if (found === undefined)
    throw sdkError('VT8002', `There is no profile ${reference}.`, { facts: { lookedIn: places.join(', ') } });
  return statSync(found).isDirectory() ? join(found, fileName) : found;
}
