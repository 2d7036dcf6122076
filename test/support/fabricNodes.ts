import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { status, up, type NetworkFile } from '@veritrain/network';
import { waitUntil } from './couples.js';

async function processOf(folder: string, name: string): Promise<number | null> {
  const { nodes } = await status(folder);
  return nodes.find((node) => node.name === name)?.processId ?? null;
}

async function send(folder: string, name: string, signal: NodeJS.Signals): Promise<void> {
  const processId = await processOf(folder, name);
  if (processId === null) throw new Error(`${name} does not run`);
  process.kill(processId, signal);
}

/** Ends a node of a Fabric network as a power cut would, and returns once it is gone. */
export async function killNode(folder: string, name: string): Promise<void> {
  await send(folder, name, 'SIGKILL');
  await waitUntil(`${name} ended`, async () => (await processOf(folder, name)) === null);
}

/** Lets a node hang: it keeps its connections, and answers nothing until it is ended. */
export const hangNode = (folder: string, name: string): Promise<void> => send(folder, name, 'SIGSTOP');

/** What an organisation can do on its own machine: its peer gets its verdicts from another program. */
export async function serveFrom(folder: string, domain: string, contract: string): Promise<void> {
  await killNode(folder, `chaincode_1.${domain}`);
  const path = join(folder, 'network.json');
  const honest = readFileSync(path, 'utf8');
  const network = JSON.parse(honest) as NetworkFile;
  const deployments = network.deployments.map((each) => ({ ...each, folder: contract }));
  writeFileSync(path, JSON.stringify({ ...network, deployments }));
  try {
    await up({ folder });
  } finally {
    writeFileSync(path, honest);
  }
}
