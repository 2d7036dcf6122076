import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Ledger } from '../ledger/types.js';
import type { LoadedProfile } from '../profile/profile.js';
import { LedgerPin, pinPath } from './genesis.js';

const genesis = (digit: string): string => `sha256:${digit.repeat(64)}`;
const ledgerOf = (answer: () => Promise<string>): Ledger =>
  ({ channel: 'market', chaincode: 'veritrain', genesis: answer }) as unknown as Ledger;

describe('the ledger that a member derives for', () => {
  let home: string;
  const profile = (over: Partial<LoadedProfile> = {}) => ({ home, ...over }) as LoadedProfile;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'veritrain-pin-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('attack 25: is the one that it met first, whichever answers later under the same names', async () => {
    const first = await LedgerPin.open(
      ledgerOf(() => Promise.resolve(genesis('a'))),
      profile(),
    );
    expect(first.get()).toEqual({ channel: 'market', chaincode: 'veritrain', genesis: genesis('a') });
    const again = await LedgerPin.open(
      ledgerOf(() => Promise.resolve(genesis('b'))),
      profile(),
    );
    expect(again.get()).toEqual(first.get());
  });

  it('is the one that the profile names, and then nobody is asked', async () => {
    const silent = ledgerOf(() => Promise.reject(new Error('unused')));
    const pin = await LedgerPin.open(silent, profile({ genesis: genesis('c') }));
    expect(pin.get().genesis).toBe(genesis('c'));
  });

  it('is asked for again when it is needed, and until then says why it is not known', async () => {
    let answer = (): Promise<string> => Promise.reject(new Error('away'));
    const pin = await LedgerPin.open(
      ledgerOf(() => answer()),
      profile(),
    );
    expect(() => pin.get()).toThrow('away');
    answer = () => Promise.resolve(genesis('d'));
    await vi.waitFor(() => expect(pin.get().genesis).toBe(genesis('d')));
    expect(await readFile(pinPath(home), 'utf8')).toContain(genesis('d'));
  });

  it('is another one under other names; a damaged note is refused', async () => {
    const other = { ...ledgerOf(() => Promise.resolve(genesis('e'))), channel: 'other' };
    await LedgerPin.open(
      ledgerOf(() => Promise.resolve(genesis('a'))),
      profile(),
    );
    expect((await LedgerPin.open(other, profile())).get()).toMatchObject({
      channel: 'other',
      genesis: genesis('e'),
    });
    await writeFile(pinPath(home), '{');
    const open = LedgerPin.open(other, profile());
    await expect(open).rejects.toMatchObject({ code: 'VT8002' });
  });
});
