import { existsSync, rmSync } from 'node:fs';
import { NetworkError } from '../errors.js';
import { Layout } from '../plan/layout.js';
import { hasNetwork } from '../plan/networkFile.js';
import { exclusively } from '../system/lock.js';
import { Processes } from '../system/processes.js';

/**
 * Stops every process of a network.
 * @param wipe also deletes its folder with the ledger and all keys
 * @returns the names of the stopped processes
 * @throws NetworkError NETWORK_MISSING, NETWORK_BUSY
 */
export async function down(folder: string, { wipe = false }: { wipe?: boolean } = {}): Promise<string[]> {
  // A folder without a network is never deleted.
  if (!existsSync(folder) || !hasNetwork(folder))
    throw new NetworkError('VT9505', `There is no network in ${folder}.`, { facts: { folder } });
  return exclusively(folder, async () => {
    const processes = new Processes(new Layout(folder));
    const names = processes.names();
    await processes.stopAll();
    if (wipe) rmSync(folder, { recursive: true, force: true });
    return names;
  });
}
