import { join } from 'node:path';
import { startEmbeddedLedger } from '@veritrain/local';
import { deploy } from '@veritrain/network';
import { workspace } from './workspace.js';
import { startNetwork, type Site, type StartOptions, type Stop } from './networks.js';

/** Name of OAM's contract on a channel: that of its package, which both networks give it. */
export const oamContract = 'oam-contract';

const oamFolder = join(workspace, 'oam');

/**
 * Starts a Fabric network that has OAM's contract beside the market's, with the same endorsement rule.
 * @throws NetworkError and Error for one that does not start
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
 * Starts an embedded ledger with OAM's contract alone, since a ledger has one chaincode.
 * @throws Error for one that does not start
 */
export async function startOamLedger(
  { organizations }: Site,
  { folder, signal }: StartOptions,
): Promise<Stop> {
  const ledger = await startEmbeddedLedger({ data: folder, organizations, chaincode: oamFolder, signal });
  return () => ledger.stop();
}
