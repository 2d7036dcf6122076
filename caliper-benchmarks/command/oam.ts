import { join } from 'node:path';
import { startEmbeddedLedger } from '@veritrain/local';
import { deploy } from '@veritrain/network';
import { workspace } from './workspace.js';
import { startNetwork, type Site, type StartOptions, type Stop } from './networks.js';

/** Name of OAM's contract on a channel. It is the package's name, which both networks use. */
export const oamContract = 'oam-contract';

const oamFolder = join(workspace, 'oam');

/**
 * Starts a Fabric network that has OAM's contract beside the market's, with the same endorsement rule.
 * @throws NetworkError or Error if it does not start
 */
export async function startWithOam(site: Site, options: StartOptions): Promise<Stop> {
  const stop = await startNetwork(site, options);
  try {
    await deploy({ ...options, chaincode: oamFolder });
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Starts an embedded ledger with only OAM's contract, since a ledger has one chaincode.
 * @throws Error if it does not start
 */
export async function startOamLedger(
  { organizations }: Site,
  { folder, signal }: StartOptions,
): Promise<Stop> {
  const ledger = await startEmbeddedLedger({ data: folder, organizations, chaincode: oamFolder, signal });
  return () => ledger.stop();
}
