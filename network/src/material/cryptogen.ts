import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkParts } from '../channel/channel.js';
import type { NetworkFile } from '../plan/networkFile.js';
import { runProgram } from '../system/runProgram.js';
import { render } from '../plan/render.js';

/** Creates the keys and certificates of every organisation with cryptogen, all or none. */
export async function generateMaterial({ layout, network, programs, signal }: NetworkParts): Promise<void> {
  if (existsSync(layout.organizations)) return;
  mkdirSync(layout.folder, { recursive: true });
  const config = join(layout.folder, 'crypto-config.yaml');
  render('crypto-config.yaml', network, config);
  const draft = mkdtempSync(join(layout.folder, 'organizations-'));
  try {
    await runProgram({
      program: programs.path('cryptogen'),
      arguments: ['generate', `--config=${config}`, `--output=${draft}`],
      signal,
    });
    if (!network.tls) forgetTlsRoots(draft, network);
    renameSync(draft, layout.organizations);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** If the channel had TLS roots of peers, others would dial them with TLS. */
export function forgetTlsRoots(folder: string, { organizations }: NetworkFile): void {
  for (const { domain } of organizations)
    rmSync(join(folder, 'peerOrganizations', domain, 'msp', 'tlscacerts'), { recursive: true });
}
