import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedLedger } from '@veritrain/local';
import { deploy, down, missingPrograms, up } from '@veritrain/network';

export const networkKinds = ['embedded', 'fabric'] as const;
export type NetworkKind = (typeof networkKinds)[number];

/** A network for measurements. A majority of its organisations must endorse. */
export interface Site {
  readonly kind: NetworkKind;
  /** Number of organisations with a peer each. */
  readonly organizations: number;
  /** Round trip between two halves of the organisations, on Fabric, in milliseconds. */
  readonly delayMs: number;
}

export interface StartOptions {
  /** The folder for all files of the network. */
  readonly folder: string;
  readonly onProgress: (what: string) => void;
  readonly signal: AbortSignal;
}

/** Stops a network. */
export type Stop = () => Promise<void>;

/** The default of a chapter: three organisations, two of which must endorse. */
export const usualOrganizations = 3;

/** Starts a network with the market's contract. @throws NetworkError or Error if it does not start */
export const startNetwork = (site: Site, options: StartOptions): Promise<Stop> =>
  site.kind === 'embedded' ? startEmbedded(site, options) : startFabric(site, options);

async function startEmbedded({ organizations }: Site, { folder, signal }: StartOptions): Promise<Stop> {
  const ledger = await startEmbeddedLedger({ data: folder, organizations, signal });
  return () => ledger.stop();
}

async function startFabric({ organizations, delayMs }: Site, options: StartOptions): Promise<Stop> {
  const { folder, onProgress, signal } = options;
  const chaincode = dirname(fileURLToPath(import.meta.resolve('@veritrain/chaincode/package.json')));
  try {
    await up({ folder, choices: { organizations, ca: true, delayMs }, onProgress, signal });
    await deploy({ folder, chaincode, onProgress, signal });
  } catch (error) {
    await down(folder).catch(() => undefined);
    throw error;
  }
  return async () => {
    await down(folder);
  };
}

/** The reason why Fabric is not available on this machine; undefined if it is. */
export function whyNoFabric(): string | undefined {
  const missing = missingPrograms('3.1.5');
  if (missing.length === 0) return undefined;
  return `Fabric 3.1.5 is not on this machine (no ${missing.join(', ')}): veritrain network install`;
}
