import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedLedger } from '@veritrain/agents';
import { deploy, down, missingPrograms, up } from '@veritrain/network';

export type NetworkKind = 'embedded' | 'fabric';

export interface StartOptions {
  /** Gets everything that the network is and has. */
  readonly folder: string;
  readonly onProgress: (what: string) => void;
  readonly signal: AbortSignal;
}

/** Stops a network. */
type Stop = () => Promise<void>;

/** As many on both, of which two must endorse. */
const organizations = 3;

/** Starts a network with the market's contract. @throws NetworkError and Error for one that does not start */
export const startNetwork = (kind: NetworkKind, options: StartOptions): Promise<Stop> =>
  kind === 'embedded' ? startEmbedded(options) : startFabric(options);

async function startEmbedded({ folder, signal }: StartOptions): Promise<Stop> {
  const ledger = await startEmbeddedLedger({ data: folder, organizations, signal });
  return () => ledger.stop();
}

async function startFabric({ folder, onProgress, signal }: StartOptions): Promise<Stop> {
  const chaincode = dirname(fileURLToPath(import.meta.resolve('@veritrain/chaincode/package.json')));
  try {
    await up({ folder, choices: { organizations, ca: true }, onProgress, signal });
    await deploy({ folder, chaincode, onProgress, signal });
  } catch (error) {
    await down(folder).catch(() => undefined);
    throw error;
  }
  return async () => {
    await down(folder);
  };
}

/** Why there is no Fabric on this machine; undefined where there is. */
export function whyNoFabric(): string | undefined {
  const missing = missingPrograms('3.1.5');
  if (missing.length === 0) return undefined;
  return `Fabric 3.1.5 is not on this machine (no ${missing.join(', ')}): veritrain network install`;
}
