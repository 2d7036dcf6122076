import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { extract } from 'tar';
import { NetworkError } from '../errors.js';
import { installFolder } from '../system/programs.js';
import { archivesOf, type Archive, type ArchiveChoices } from './archives.js';
import { download, type DownloadOptions } from './download.js';

export interface InstallOptions extends ArchiveChoices, DownloadOptions {
  /** Default: where the other commands look for that version. */
  readonly folder?: string | undefined;
}

export interface Installed {
  readonly folder: string;
  readonly programs: readonly string[];
}

/**
 * Fetches the release archives of Fabric and Fabric CA and lays their programs down, all or none.
 * @throws NetworkError DOWNLOAD_FAILED, DIGEST_MISMATCH, ARCHIVE_INVALID, PLATFORM_UNKNOWN
 */
export async function install(options: InstallOptions): Promise<Installed> {
  const folder = options.folder ?? installFolder(options.version);
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(join(dirname(folder), 'install-'));
  try {
    for (const archive of archivesOf(options)) await unpack(archive, draft, options);
    const programs = readdirSync(join(draft, 'bin')).sort();
    mkdirSync(folder, { recursive: true });
    for (const program of programs) renameSync(join(draft, 'bin', program), join(folder, program));
    return { folder, programs };
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Takes the programs out of an archive, and nothing else. */
async function unpack(archive: Archive, draft: string, options: DownloadOptions): Promise<void> {
  const path = join(draft, archive.name);
  await download(archive, path, options);
  const found: string[] = [];
  try {
    await extract({
      file: path,
      cwd: draft,
      strict: true,
      filter: (name, entry) => {
        const isProgram = /^(\.\/)?bin\/[a-z-]+$/.test(name) && 'type' in entry && entry.type === 'File';
        if (isProgram) found.push(name);
        return isProgram;
      },
    });
  } catch (cause) {
    throw invalid(archive, 'is no archive, or is damaged', cause);
  }
  if (found.length === 0) throw invalid(archive, 'holds no programs');
  rmSync(path);
}

const invalid = ({ name, address }: Archive, what: string, cause?: unknown): NetworkError =>
  new NetworkError('VT9517', `${name} ${what}.`, { facts: { address }, cause });
