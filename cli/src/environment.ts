import { homedir } from 'node:os';
import { join } from 'node:path';

const paths = /^VERITRAIN_(HOME|\w+_(BIN|FILE))$/;

/**
 * Normalises this program's variables: an empty one counts as unset, and `~/` in a path, which shells do not expand
 * between quotes, is the home folder. To be called first, for this process and its children.
 */
export function readEnvironment(environment: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('VERITRAIN_')) continue;
    if (value === '') Reflect.deleteProperty(environment, name);
    else if (paths.test(name) && value !== undefined) environment[name] = homePath(value);
  }
}

/** Expands `~/`, which shells do not expand between quotes and behind `=`. */
export const homePath = (path: string): string =>
  /^~(\/|$)/.test(path) ? join(homedir(), path.slice(1)) : path;
