import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { findPrograms } from './programs.js';

const folder = mkdtempSync(join(tmpdir(), 'veritrain-programs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const before = process.env.VERITRAIN_FABRIC_BIN;
afterEach(() => {
  if (before === undefined) delete process.env.VERITRAIN_FABRIC_BIN;
  else process.env.VERITRAIN_FABRIC_BIN = before;
});

/** Installs programs that only print their version. */
function install(version: string): void {
  for (const name of ['peer', 'orderer', 'configtxgen', 'cryptogen', 'osnadmin'])
    writeFileSync(join(folder, name), `#!/bin/sh\necho "${name}:\n Version: ${version}"\n`, { mode: 0o755 });
  process.env.VERITRAIN_FABRIC_BIN = folder;
}

describe('looking for Fabric’s programs', () => {
  it.each(['3.1.5', 'v3.1.5'])('takes the folder that is named, whose programs say %s', async (said) => {
    install(said);
    const programs = await findPrograms('3.1.5', { ca: false });
    expect(programs.path('peer')).toBe(join(folder, 'peer'));
  });

  it('refuses another version than the one that is asked for', async () => {
    install('v2.5.0');
    await expect(findPrograms('3.1.5', { ca: false })).rejects.toMatchObject({
      code: 'VT9502',
      facts: { path: join(folder, 'peer'), version: '2.5.0', wanted: '3.1.5' },
    });
  });
});
