import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newHandle, type OwnObject } from '@veritrain/client-sdk';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { roleContext } from '../testing/roleContext.js';
import { sweepVault } from './vaultSweep.js';

const everyMs = 40;
const none = (): Promise<unknown> => Promise.resolve({ items: [], bookmark: '' });

describe('sweepVault', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'veritrain-sweep-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A member of whom the ledger knows nothing, with these objects in its place. */
  function member(objects: OwnObject[]) {
    const list = { list: none };
    let looks = 0;
    const context = roleContext({
      folder,
      ledger: {
        datasets: list,
        models: list,
        couples: list,
        instances: list,
        evaluate: () => Promise.resolve({ participant: { participantId: 'pt_member', roles: [] } }),
        ownObjects: async function* () {
          looks += 1;
          for (const object of objects)
            if (await context.member.market.vault.has(object.handle)) yield object;
        },
      },
    });
    return { context, looks: () => looks };
  }

  async function put(context: ReturnType<typeof member>['context'], handle: string): Promise<void> {
    await context.member.market.vault.put(Buffer.from('an old update'), { handle });
  }

  it('frees what nobody refers to at two looks, and nothing that is young', async () => {
    const [old, young] = [newHandle(), newHandle()];
    const { context, looks } = member([
      { handle: old, sizeBytes: 13, modifiedAt: Date.now() - 1000 },
      { handle: young, sizeBytes: 13, modifiedAt: Date.now() + 3_600_000 },
    ]);
    await put(context, old);
    await put(context, young);
    const stop = new AbortController();
    const sweeping = sweepVault(context, stop.signal, everyMs);
    await vi.waitFor(async () => expect(await context.member.market.vault.has(old)).toBe(false));
    expect(looks()).toBeGreaterThanOrEqual(2);
    expect(await context.member.market.vault.has(young)).toBe(true);
    stop.abort();
    await sweeping;
    expect(context.lines).toContainEqual(expect.objectContaining({ objects: 1, bytes: 13 }));
  });

  it('does nothing in a vault without places', async () => {
    const { context } = member([]);
    Object.assign(context.member.market, { ownObjects: undefined });
    await sweepVault(context, new AbortController().signal, everyMs);
  });
});
