import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian's packages put the programs of each version. */
const debianFolder = '/usr/lib/postgresql';

const needed = ['initdb', 'postgres'];

/** The folder of PostgreSQL's programs, of the newest version; undefined where there is none. */
export function findPostgres(folder = debianFolder): string | undefined {
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder)
    .sort((one, other) => Number(other) - Number(one))
    .map((version) => join(folder, version, 'bin'))
    .find((programs) => needed.every((name) => existsSync(join(programs, name))));
}

/** Why no PostgreSQL can be started on this machine; undefined where one can. */
export const whyNoPostgres = (): string | undefined =>
  findPostgres() === undefined
    ? 'PostgreSQL is not on this machine: apt-get install postgresql, or --postgres <connection string>'
    : undefined;
