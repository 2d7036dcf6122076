import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { extract } from 'tar';
import { NetworkError } from '../errors.js';
import { installFolder } from '../system/programs.js';
import { archivesOf, type Archive, type ArchiveChoices } from './archives.js';
import { download, type DownloadOptions } from './download.js';

export interface InstallOptions extends ArchiveChoices, DownloadOptions {
  /** Default: the folder where the other commands look for that version. */
  readonly folder?: string | undefined;
}

export interface Installed {
  readonly folder: string;
  readonly programs: readonly string[];
  /** SHA-256 of each archive, by its name. */
  readonly digests: Readonly<Record<string, string>>;
}

/** The limit of an archive's unpacked programs together. */
const maxProgramsBytes = 4 * 1024 ** 3;

/**
 * Downloads the release archives of Fabric and Fabric CA and installs their programs, all or none, as files of the
 * caller.
 * @throws NetworkError DOWNLOAD_FAILED, DIGEST_MISMATCH, ARCHIVE_INVALID, PLATFORM_UNKNOWN, DIGEST_NEEDED, PLAIN_HTTP
 */
export async function install(options: InstallOptions): Promise<Installed> {
  const folder = options.folder ?? installFolder(options.version);
  const archives = archivesOf(options);
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(join(dirname(folder), 'install-'));
  try {
    const digests: Record<string, string> = {};
    for (const archive of archives) digests[archive.name] = await unpack(archive, draft, options);
    const programs = readdirSync(join(draft, 'bin')).sort();
    mkdirSync(folder, { recursive: true });
    for (const program of programs) {
      // The archive's own mode could let a program run as its owner.
      chmodSync(join(draft, 'bin', program), 0o755);
      renameSync(join(draft, 'bin', program), join(folder, program));
    }
    return { folder, programs, digests };
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Unpacks only the programs of an archive. @returns the archive's SHA-256 */
async function unpack(archive: Archive, draft: string, options: DownloadOptions): Promise<string> {
  const path = join(draft, archive.name);
  const digest = await download(archive, path, options);
  const found: string[] = [];
  let bytes = 0;
  try {
    await extract({
      file: path,
      cwd: draft,
      strict: true,
      // Otherwise root would give the files to the user with the archive's user id.
      preserveOwner: false,
      filter: (name, entry) => {
        const isProgram = /^(\.\/)?bin\/[a-z-]+$/.test(name) && 'type' in entry && entry.type === 'File';
        if (!isProgram) return false;
        found.push(name);
        bytes += entry.size;
        return bytes <= maxProgramsBytes;
      },
    });
  } catch (cause) {
    throw invalid(archive, 'is not an archive, or is damaged', cause);
  }
  if (found.length === 0) throw invalid(archive, 'contains no programs');
  if (bytes > maxProgramsBytes)
    throw invalid(archive, `contains more than ${maxProgramsBytes} bytes of programs`);
  rmSync(path);
  return digest;
}

const invalid = ({ name, address }: Archive, what: string, cause?: unknown): NetworkError =>
  new NetworkError('VT9517', `${name} ${what}.`, { facts: { address }, cause });
