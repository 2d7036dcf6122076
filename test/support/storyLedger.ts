import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedLedger } from '@veritrain/local';
import { deploy, down, up, type NetworkChoices, type NetworkFile } from '@veritrain/network';

/** What a story's market runs on. Its folder's connection file tells members the way. */
export interface StoryLedger {
  stop(): Promise<void>;
}

/** Makes a ledger in a folder. */
export type StartLedger<T extends StoryLedger> = (folder: string) => Promise<T>;

export interface EmbeddedStoryLedger extends StoryLedger {
  /** Ends it as a power cut would, and starts it again on the same ports and data. */
  killAndRestart(): Promise<void>;
}

export interface FabricStoryLedger extends StoryLedger {
  readonly network: NetworkFile;
}

const organizations = 3;

export async function embeddedLedger(data: string): Promise<EmbeddedStoryLedger> {
  let ledger = await startEmbeddedLedger({ data, organizations, endorse: 'majority' });
  return {
    killAndRestart: async () => {
      await ledger.kill();
      ledger = await startEmbeddedLedger({ data });
    },
    stop: () => ledger.stop(),
  };
}

/** Folder of the market's contract. */
export const contract = dirname(fileURLToPath(import.meta.resolve('@veritrain/chaincode/package.json')));

/** Real Fabric and Fabric CA as plain processes, three organisations unless said otherwise. */
export const fabricLedger =
  (choices: NetworkChoices = {}): StartLedger<FabricStoryLedger> =>
  async (folder) => {
    const stop = async (): Promise<void> => {
      await down(folder);
    };
    try {
      const network = await up({ folder, choices: { organizations, ca: true, ...choices } });
      await deploy({ folder, chaincode: contract });
      return { network, stop };
    } catch (error) {
      await stop();
      throw error;
    }
  };
