import { homedir } from 'node:os';
import { join } from 'node:path';

const paths = /^VERITRAIN_(HOME|\w+_(BIN|FILE))$/;

/**
 * Makes of this program's variables what was meant: an empty one counts as unset, and `~/` in a path, which shells leave
 * as it is between quotes, is the home folder. To be called first, for this process and all that it starts.
 */
export function readEnvironment(environment: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('VERITRAIN_')) continue;
    if (value === '') Reflect.deleteProperty(environment, name);
    else if (paths.test(name) && value !== undefined) environment[name] = homePath(value);
  }
}

/** A path with its `~/` read, which shells leave as it is between quotes and behind `=`. */
export const homePath = (path: string): string =>
  /^~(\/|$)/.test(path) ? join(homedir(), path.slice(1)) : path;
