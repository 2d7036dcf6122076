import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { status, up, type NetworkFile } from '@veritrain/network';
import { waitUntil } from './couples.js';

/** Ends a node of a Fabric network as a power cut would, and returns once it is gone. */
export async function killNode(folder: string, name: string): Promise<void> {
  const find = async (): Promise<number | null | undefined> =>
    (await status(folder)).nodes.find((node) => node.name === name)?.processId;
  const processId = await find();
  if (typeof processId !== 'number') throw new Error(`${name} does not run`);
  process.kill(processId, 'SIGKILL');
  await waitUntil(`${name} ended`, async () => (await find()) === null);
}

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
