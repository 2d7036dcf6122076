import { PassThrough } from 'node:stream';
import type { OwnObject } from '@veritrain/client-sdk/vault';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MemberHome } from '@veritrain/member/home';
import { modelHandle } from '@veritrain/member/vault';
import { testFolder } from '../../test/support/folder.js';
import { scriptedMarket } from '../../test/support/scriptedMarket.js';
import { couple } from '../../test/support/sampleRound.js';
import { Output } from './output.js';
import { Session } from './session.js';
import { collectGarbage } from './vaultGc.js';

const folder = testFolder('gc');
const none = { list: () => Promise.resolve({ items: [], bookmark: '' }) };
const minuteMs = 60_000;

const ended = { ...couple, state: 'finished' as const, attempts: 3 };

/** A model owner whose couple has ended, with its models of these ages; at a terminal that is not there. */
async function atDesk(agreed: boolean, ...agesMs: number[]) {
  const names = scriptedMarket({ folder: folder() });
  const objects: OwnObject[] = agesMs.map((ageMs, index) => ({
    handle: modelHandle(names, { coupleId: ended.coupleId, attempt: index + 1 }),
    sizeBytes: 5,
    modifiedAt: Date.now() - ageMs,
  }));
  const ledger = {
    datasets: none,
    models: none,
    couples: {
      list: () => Promise.resolve({ items: [ended], bookmark: '' }),
      get: () => Promise.resolve(ended),
    },
    instances: none,
    evaluate: () => Promise.resolve({ participant: { participantId: 'pt_member', roles: [] } }),
    ownObjects: async function* () {
      for (const object of objects) yield await Promise.resolve(object);
    },
  };
  const market = scriptedMarket({ folder: folder(), ledger });
  const member = { home: new MemberHome(join(folder(), 'home')), market, close: () => undefined };
  const { vault } = market;
  for (const { handle } of objects) await vault.put(Buffer.from('bytes'), { handle });
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const output = new Output({ command: 'vault gc', format: 'text', quiet: true, stdout, stderr });
  const session = new Session({ output, signal: new AbortController().signal, agreed });
  return {
    session: Object.assign(session, { member: () => Promise.resolve(member) }),
    left: () => Promise.all(objects.map(({ handle }) => vault.has(handle))),
  };
}

it('shows what is over and names the command that frees it', async () => {
  const { session, left } = await atDesk(false, 61 * minuteMs, 59 * minuteMs);
  const shown = await collectGarbage({ free: false, olderThan: 60 * minuteMs }, session);
  expect(shown).toMatchObject({
    data: { young: { objects: 1 }, garbage: { objects: 1, bytes: 5 }, freed: false },
    next: 'veritrain vault gc --free',
  });
  expect(await left()).toEqual([true, true]);
});

it('deletes nothing without a yes, and with one what is old enough alone', async () => {
  const { session, left } = await atDesk(false, 61 * minuteMs, 59 * minuteMs);
  const input = { free: true, olderThan: 60 * minuteMs };
  await expect(collectGarbage(input, session)).rejects.toThrow('VT9006');
  expect(await left()).toEqual([true, true]);
  const agreed = await atDesk(true, 61 * minuteMs, 59 * minuteMs);
  expect(await collectGarbage(input, agreed.session)).toMatchObject({
    data: { young: { objects: 1 }, garbage: { objects: 1 }, freed: true },
  });
  expect(await agreed.left()).toEqual([false, true]);
});
