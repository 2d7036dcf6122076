import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrainCouple } from '@veritrain/client-sdk';
import { newHandle, type OwnObject } from '@veritrain/client-sdk/vault';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { modelHandle } from '@veritrain/member/vault';
import { roleContext } from '../../testing/roleContext.js';
import { couple } from '../../../../test/support/sampleRound.js';
import { sweepVault } from './vaultSweep.js';

const everyMs = 40;
const none = (): Promise<unknown> => Promise.resolve({ items: [], bookmark: '' });

describe('sweepVault', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'veritrain-sweep-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A model owner with these objects in its place; the ledger lists these couples, and knows this one by its id. */
  function member(objects: OwnObject[], listed: TrainCouple[] = [], known: TrainCouple = couple) {
    const list = { list: none };
    const couples = {
      list: () => Promise.resolve({ items: listed, bookmark: '' }),
      get: () => Promise.resolve(known),
    };
    let looks = 0;
    const context = roleContext({
      folder,
      ledger: {
        datasets: list,
        models: list,
        couples,
        instances: list,
        evaluate: () => Promise.resolve({ participant: { participantId: 'pt_member', roles: [] } }),
        ownObjects: async function* () {
          looks += 1;
          for (const object of objects)
            if (await context.member.market.vault.has(object.handle)) yield object;
        },
      },
    });
    Object.assign(context.member.market, { participants: list });
    return { context, looks: () => looks };
  }

  async function put(context: ReturnType<typeof member>['context'], handle: string): Promise<void> {
    await context.member.market.vault.put(Buffer.from('an old update'), { handle });
  }

  const aged = (handle: string, ageMs = 1000): OwnObject => ({
    handle,
    sizeBytes: 13,
    modifiedAt: Date.now() - ageMs,
  });
  const nameOf = (attempt: number): string => {
    const { market } = roleContext({ folder }).member;
    return modelHandle(market, { coupleId: couple.coupleId, attempt });
  };
  const ended: TrainCouple = { ...couple, state: 'finished', attempts: 2 };

  /** Sweeps until it has looked so often. */
  async function sweepTimes(times: number, { context, looks }: ReturnType<typeof member>): Promise<void> {
    const stop = new AbortController();
    const sweeping = sweepVault(context, stop.signal, everyMs);
    await vi.waitFor(() => expect(looks()).toBeGreaterThan(times));
    stop.abort();
    await sweeping;
  }

  it('frees what the ledger has let go at two looks, and nothing that is young', async () => {
    const [old, young] = [nameOf(1), nameOf(2)];
    const swept = member([aged(old), aged(young, -3_600_000)], [ended], ended);
    const { context } = swept;
    await put(context, old);
    await put(context, young);
    await sweepTimes(2, swept);
    expect(await context.member.market.vault.has(old)).toBe(false);
    expect(await context.member.market.vault.has(young)).toBe(true);
    expect(context.lines).toContainEqual(expect.objectContaining({ objects: 1, bytes: 13 }));
  });

  it('attack 58: a peer whose lists are empty deletes nothing', async () => {
    const handles = [nameOf(1), nameOf(2), newHandle()];
    const swept = member(handles.map((handle) => aged(handle)));
    for (const handle of handles) await put(swept.context, handle);
    await sweepTimes(3, swept);
    for (const handle of handles) expect(await swept.context.member.market.vault.has(handle)).toBe(true);
  });

  it('attack 58: a list that says that a couple has ended deletes nothing while its record says otherwise', async () => {
    const handle = nameOf(1);
    const swept = member([aged(handle)], [ended], couple);
    await put(swept.context, handle);
    await sweepTimes(3, swept);
    expect(await swept.context.member.market.vault.has(handle)).toBe(true);
  });

  it('does nothing in a vault without places', async () => {
    const { context } = member([]);
    Object.assign(context.member.market, { ownObjects: undefined });
    await sweepVault(context, new AbortController().signal, everyMs);
  });
});
