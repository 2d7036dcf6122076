import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of Debian's packages, with the programs of each version. */
const debianFolder = '/usr/lib/postgresql';

const needed = ['initdb', 'postgres'];

/** The folder of the newest version's PostgreSQL programs; undefined if there is none. */
export function findPostgres(folder = debianFolder): string | undefined {
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder)
    .sort((one, other) => Number(other) - Number(one))
    .map((version) => join(folder, version, 'bin'))
    .find((programs) => needed.every((name) => existsSync(join(programs, name))));
}

/** The reason why this machine cannot start PostgreSQL; undefined if it can. */
export const whyNoPostgres = (): string | undefined =>
  findPostgres() === undefined
    ? 'PostgreSQL is not installed on this machine: apt-get install postgresql, or use --postgres <connection string>'
    : undefined;
