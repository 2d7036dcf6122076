import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommittedChange, Market } from '@veritrain/client-sdk';
import { digestOf } from '@veritrain/client-sdk/vault';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LedgerProcess } from './ledgerProcess.js';
import { TestMarket, quickSettings } from './testMarket.js';

const digest = digestOf(Buffer.from('any'));

describe('a ledger that is killed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'veritrain-sdk-kill-'));
  const ledger = new LedgerProcess(join(folder, 'ledger'));
  let test: TestMarket;
  let member: Market;

  beforeAll(async () => {
    test = new TestMarket(await ledger.start());
    await test.configure(quickSettings);
    member = await test.join('member', ['modelOwner']);
  });
  afterAll(async () => {
    await test?.close();
    await ledger.stop('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });

  const register = async (modelId: string): Promise<string> => {
    const model = {
      modelId,
      programDigest: digest,
      architectureDigest: digest,
      protection: 'plain' as const,
    };
    return (await member.models.register(model)).transactionId;
  };

  it('costs the SDK no transaction and no event: calls and readers go on by themselves', async () => {
    const controller = new AbortController();
    const seen: CommittedChange[] = [];
    const reading = (async () => {
      const types = ['ModelRegistered'] as const;
      for await (const change of member.events.watch({ types, signal: controller.signal })) seen.push(change);
    })().catch((error: unknown) => error);
    const ids: string[] = [];
    const writers = [0, 1, 2, 3].map(async (writer) => {
      for (let index = 0; index < 12; index += 1) {
        const modelId = `md_w${writer}n${index}`;
        ids.push(`${modelId} ${await register(modelId)}`);
        await sleep(100);
      }
    });
    for (let kill = 0; kill < 2; kill += 1) {
      await sleep(400);
      await ledger.stop('SIGKILL');
      await sleep(200);
      await ledger.start();
    }
    await Promise.all(writers);
    expect(ids).toHaveLength(48);
    await expect.poll(() => seen.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(48);
    controller.abort();
    expect(await reading).toMatchObject({ code: 'VT8005' });
    // A model is registered once, whatever was repeated; a reader in one piece is told of it once.
    const registered = seen.map((change) => (change.type === 'ModelRegistered' ? change.modelId : ''));
    expect(new Set(registered).size).toBe(registered.length);
    expect(new Set(registered)).toEqual(new Set(ids.map((id) => id.split(' ')[0])));
  });
});
