import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deploy, down, up, type NetworkChoices, type NetworkFile } from '@veritrain/network';
import type { TestProject } from 'vitest/node';
import type { Settings } from './settings.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Which network a project runs the suite on. */
    network?: { name: string; choices: NetworkChoices; missing: string[] };
    /** How the tests reach it, once it is there. */
    conformance?: Settings;
  }
}

const probe = fileURLToPath(new URL('../probe', import.meta.url));

/** Brings up the network that the project names, with the probe contract, for all its files; takes it down after. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const choices = project.getProvidedContext().network?.choices ?? {};
  const folder = mkdtempSync(join(tmpdir(), 'veritrain-conformance-'));
  const teardown = async (): Promise<void> => {
    await down(folder, { wipe: true });
  };
  try {
    const network = await up({ folder, choices });
    const { name } = await deploy({ folder, chaincode: probe });
    project.provide('conformance', settingsOf(folder, network, name));
  } catch (error) {
    await teardown();
    throw error;
  }
  return teardown;
}

function settingsOf(folder: string, network: NetworkFile, chaincode: string): Settings {
  const [organization] = network.organizations;
  if (organization === undefined) throw new Error('the network has no organisation');
  const { domain, mspId, peer, authority } = organization;
  const home = join(folder, 'organizations', 'peerOrganizations', domain);
  return {
    gateway: `localhost:${peer.ports.listen}`,
    ...(network.tls ? { tlsRoot: join(home, 'peers', peer.hostName, 'tls', 'ca.crt') } : {}),
    msp: join(home, 'users', `User1@${domain}`, 'msp'),
    mspId,
    channel: network.channel,
    chaincode,
    consensus: network.consensus,
    version: network.version,
    ...(authority === undefined ? {} : authorityOf(folder, authority)),
  };
}

function authorityOf(
  folder: string,
  { name, ports }: { name: string; ports: { listen: number } },
): Partial<Settings> {
  const home = join(folder, 'authorities', name);
  return {
    ca: `https://localhost:${ports.listen}`,
    caName: name,
    caTlsRoot: join(home, 'ca-cert.pem'),
    caSecret: readFileSync(join(home, 'registrar.secret'), 'utf8').trim(),
  };
}
