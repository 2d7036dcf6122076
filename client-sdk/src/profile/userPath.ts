import { homedir } from 'node:os';
import { join } from 'node:path';

/** A path as a person wrote it: `~/` is the home folder also where no shell has read it, as in a profile. */
export const userPath = (path: string): string =>
  /^~([/]|$)/.test(path) ? join(homedir(), path.slice(1)) : path;
