import { setTimeout as delay } from 'node:timers/promises';
import { allNodes } from '../nodes/allNodes.js';
import { Layout } from '../plan/layout.js';
import { readNetworkFile } from '../plan/networkFile.js';
import { Processes } from '../system/processes.js';
import { findPrograms } from '../system/programs.js';

export interface WatchOptions {
  readonly folder: string;
  /** Called with the last lines of a node that died and is restarted. */
  readonly onRestart: (name: string, lastWords: string) => void;
  readonly signal: AbortSignal;
}

const lookEveryMs = 500;

/** Restarts each node of a network that dies, until the signal fires. */
export async function watch({ folder, onRestart, signal }: WatchOptions): Promise<void> {
  const layout = new Layout(folder);
  const processes = new Processes(layout);
  const { version, ca } = readNetworkFile(folder);
  const programs = await findPrograms(version, { ca });
  for (;;) {
    await delay(lookEveryMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    // The deployments may change meanwhile.
    const network = readNetworkFile(folder);
    for (const node of Object.values(allNodes({ layout, network, programs })).flat()) {
      // A node that was stopped on purpose has no record any more.
      if (!processes.names().includes(node.name) || (await processes.find(node.name)) !== undefined) continue;
      onRestart(node.name, processes.lastWordsOf(node.name));
      await processes.start(node);
    }
  }
}
