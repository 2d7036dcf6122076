import { NetworkError } from '../errors.js';
import { authorityVersion, type FabricVersion } from '../plan/options.js';

/** A release archive of Fabric or of Fabric CA. */
export interface Archive {
  readonly name: string;
  readonly address: string;
  /** The expected digest; undefined if the caller accepts any. */
  readonly sha256: string | undefined;
}

export interface ArchiveChoices {
  readonly version: FabricVersion;
  /** The address of the two projects' releases. A mirror has the same paths below its own address. */
  readonly baseAddress?: string | undefined;
  readonly sha256?: { readonly fabric?: string | undefined; readonly authority?: string | undefined };
  /** Accepts archives without a digest, but only over https. */
  readonly unverified?: boolean | undefined;
}

const officialReleases = 'https://github.com';
const systems: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin' };
const processors: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** The archives of a version for this machine. @throws NetworkError PLATFORM_UNKNOWN, DIGEST_NEEDED */
export function archivesOf({ version, baseAddress, sha256 = {}, unverified }: ArchiveChoices): Archive[] {
  const [system, processor] = [systems[process.platform], processors[process.arch]];
  if (system === undefined || processor === undefined)
    throw new NetworkError('VT9519', `There are no archives for ${process.platform} on ${process.arch}.`, {
      facts: { platform: process.platform, processor: process.arch },
    });
  const base = (baseAddress ?? officialReleases).replace(/\/+$/, '');
  const archive = (project: string, of: string, digest: string | undefined): Archive => {
    const name = `hyperledger-${project}-${system}-${processor}-${of}.tar.gz`;
    const address = `${base}/hyperledger/${project}/releases/download/v${of}/${name}`;
    if (digest === undefined && unverified !== true)
      throw new NetworkError('VT9524', `There is no SHA-256 for ${name}.`, {
        facts: { archive: name, releases: `${officialReleases}/hyperledger/${project}/releases/tag/v${of}` },
      });
    return { name, address, sha256: digest };
  };
  return [
    archive('fabric', version, sha256.fabric),
    archive('fabric-ca', authorityVersion, sha256.authority),
  ];
}
