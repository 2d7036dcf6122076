import { execFile } from 'node:child_process';
import { cpSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const run = promisify(execFile);
export const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

const packages = [
  'chaincode',
  'embedded-ledger',
  'network',
  'training',
  'client-sdk',
  'member',
  'agents',
  'local',
  'demo',
  'cli',
] as const;
export type Package = (typeof packages)[number];

/** What an application installs, and a market for its development. */
export const library: readonly Package[] = packages.filter((name) => name !== 'demo' && name !== 'cli');

/** What a test that installs may take, however busy the machine is: npm, twice if it must. */
export const installing = { timeout: 1_800_000 };

/** npm was seen to wait for ever for an archive that lay there. So it is ended after ten minutes, and tried once more. */
export async function npm(args: readonly string[], cwd: string): Promise<{ stdout: string }> {
  const options = { cwd, maxBuffer: 2 ** 26, timeout: 600_000 };
  const all = [...args, '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  return run('npm', all, options).catch((error: unknown) => {
    if ((error as { killed?: boolean }).killed === true) return run('npm', all, options);
    throw error;
  });
}

/** What `npm pack` made of each package, and folders in which strangers install it. */
export class Archives {
  private library: Promise<string> | undefined;

  private constructor(
    readonly work: string,
    readonly paths: ReadonlyMap<Package, string>,
  ) {}

  static async pack(): Promise<Archives> {
    const work = mkdtempSync(join(tmpdir(), 'veritrain-packages-'));
    const folders = packages.map((name) => `./${name}`);
    const { stdout } = await npm(['pack', '--json', '--pack-destination', work, ...folders], root);
    const packed: unknown = JSON.parse(stdout);
    const entries = (Array.isArray(packed) ? packed : Object.values(packed as object)) as {
      name: string;
      filename: string;
    }[];
    const pathOf = (name: Package): string =>
      join(work, basename(entries.find((entry) => entry.name === `@veritrain/${name}`)!.filename));
    return new Archives(work, new Map(packages.map((name) => [name, pathOf(name)])));
  }

  /** A folder of a program that has these installed, and nothing else. */
  async install(name: string, wanted: readonly Package[]): Promise<string> {
    const folder = join(this.work, name);
    cpSync(join(root, '.npmrc'), join(folder, '.npmrc'));
    const manifest = {
      name: 'stranger',
      private: true,
      type: 'module',
      overrides: { 'class-transformer': '0.5.1' },
    };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    await this.add(folder, wanted);
    return folder;
  }

  /** An example as whoever copies it has it, with what it names installed from these archives. */
  async copyExample(name: string, wanted: readonly Package[]): Promise<string> {
    const folder = join(this.work, name);
    cpSync(join(root, 'examples', name), folder, {
      recursive: true,
      filter: (path) => basename(path) !== 'node_modules',
    });
    if (library.every((pack) => wanted.includes(pack)))
      linkFolder(await this.withLibrary(), join(folder, 'node_modules'));
    await this.add(folder, wanted);
    return folder;
  }

  /**
   * What npm unpacks for the library, the same for every example of it, made when it is first asked for. In an example
   * npm then adds what that one names beside it, and removes what it does not.
   */
  private withLibrary(): Promise<string> {
    this.library ??= this.install('library', library).then((folder) => join(folder, 'node_modules'));
    return this.library;
  }

  clear(): void {
    rmSync(this.work, { recursive: true, force: true });
  }

  private async add(folder: string, wanted: readonly Package[]): Promise<void> {
    await npm(['install', ...wanted.map((pack) => this.paths.get(pack) ?? pack)], folder);
  }
}

/** The same files under another name: a second of work where a copy takes ten. npm never writes into a file of a package. */
function linkFolder(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [path, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkFolder(path, copy);
    else if (entry.isFile()) linkSync(path, copy);
    else cpSync(path, copy, { verbatimSymlinks: true });
  }
}
