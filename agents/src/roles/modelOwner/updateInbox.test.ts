import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inMemoryKeyring } from '@veritrain/client-sdk/keys';
import { digestOf } from '@veritrain/client-sdk/vault';
import { describe, expect, it } from 'vitest';
import { TrainingError } from '@veritrain/training';
import { testFolder } from '../../../../test/support/folder.js';
import { roleContext } from '../../testing/roleContext.js';
import { answerOf, couple, roundWith } from '../../../../test/support/sampleRound.js';
import { UpdateInbox, type UpdateForm } from './updateInbox.js';

const { signal } = new AbortController();
const folder = testFolder('inbox');
const me = inMemoryKeyring('member').encryptionKey;
/** Updates are up to twenty bytes, and none is called noise. */
const form: UpdateForm = {
  maxBytes: 20,
  check: (bytes) => {
    if (Buffer.from(bytes).toString() === 'noise') throw new TrainingError('VT7402', 'no update');
  },
};
const text = (winner: { bytes: Uint8Array } | undefined): string | undefined =>
  winner && Buffer.from(winner.bytes).toString();

function open(): {
  context: ReturnType<typeof roleContext>;
  inbox: UpdateInbox;
  vault: ReturnType<typeof roleContext>['member']['market']['vault'];
} {
  const context = roleContext({ folder: folder() });
  return { context, inbox: new UpdateInbox(context, couple, form), vault: context.member.market.vault };
}

describe('UpdateInbox', () => {
  it('takes the first update that a quorum of commitments opens, whatever liars deliver', async () => {
    const { inbox, vault } = open();
    const answers = await Promise.all([
      answerOf(0, 'a lie', me),
      answerOf(1, 'right', me),
      answerOf(2, 'right', me),
    ]);
    const round = roundWith(answers.map(({ job }) => job));
    expect(await inbox.winner(round, 0, signal)).toBeUndefined();
    await answers[0].deliver(vault);
    expect(await inbox.winner(round, 0, signal)).toBeUndefined();
    await answers[2].deliver(vault);
    const winner = await inbox.winner(round, 0, signal);
    expect([text(winner), winner?.digest]).toEqual(['right', digestOf(Buffer.from('right'))]);
  });

  it('takes no update that only one commitment opens', async () => {
    const { inbox, vault } = open();
    const answers = await Promise.all(
      ['one', 'two', 'three'].map((update, slot) => answerOf(slot, update, me)),
    );
    for (const { deliver } of answers) await deliver(vault);
    expect(await inbox.winner(roundWith(answers.map(({ job }) => job)), 0, signal)).toBeUndefined();
  });

  it('attack 58: takes what is true of a job after what one peer said of it', async () => {
    const { inbox, vault } = open();
    const other = inMemoryKeyring('another').encryptionKey;
    const said = await Promise.all([0, 1, 2].map((slot) => answerOf(slot, 'made up', other)));
    expect(await inbox.winner(roundWith(said.map(({ job }) => job)), 0, signal)).toBeUndefined();
    const answers = await Promise.all([0, 1, 2].map((slot) => answerOf(slot, 'right', me)));
    for (const { deliver } of answers) await deliver(vault);
    expect(text(await inbox.winner(roundWith(answers.map(({ job }) => job)), 0, signal))).toBe('right');
  });

  it('passes over what was sealed to another or changed on its way, and says so', async () => {
    const { context, inbox, vault } = open();
    const other = inMemoryKeyring('another').encryptionKey;
    const answers = await Promise.all([
      answerOf(0, 'right', other),
      answerOf(1, 'right', me),
      answerOf(2, 'right', me),
    ]);
    const round = roundWith(answers.map(({ job }) => job));
    const [, damaged, good] = answers;
    const handle = inMemoryKeyring('pt_host1').handle('update', damaged.job.jobId);
    await vault.put(Buffer.from('something else'), { handle });
    expect(await inbox.winner(round, 0, signal)).toBeUndefined();
    expect(context.lines.map(({ msg, code }) => [msg, code])).toEqual([
      ['update unusable', 'VT8401'],
      ['update unusable', 'VT8202'],
    ]);
    await good.deliver(vault);
    expect(text(await inbox.winner(round, 0, signal))).toBe('right');
  });

  it('keeps the winner encrypted until it is in the model, also when the vault has lost it', async () => {
    const { context, inbox, vault } = open();
    const answers = await Promise.all([0, 1].map((slot) => answerOf(slot, 'secret update', me)));
    for (const { deliver } of answers) await deliver(vault);
    const round = roundWith(answers.map(({ job }) => job));
    await inbox.winner(round, 0, signal);
    const emptied = roleContext({ folder: join(folder(), 'elsewhere') });
    const again = new UpdateInbox(
      { ...emptied, member: { ...emptied.member, home: context.member.home } },
      couple,
      form,
    );
    expect(text(await again.winner(round, 0, signal))).toBe('secret update');
    const kept = join(context.member.home.couple(couple.coupleId).folder, 'inbox', '1', '0');
    expect(existsSync(kept)).toBe(true);
    again.forget(1);
    expect(existsSync(kept)).toBe(false);
    expect(await again.winner(round, 0, signal)).toBeUndefined();
  });

  /** How often the vault was asked for an object's bytes. */
  function counting(vault: ReturnType<typeof open>['vault']): () => number {
    let reads = 0;
    const get = vault.get.bind(vault);
    Object.assign(vault, { get: (...args: Parameters<typeof get>) => ((reads += 1), get(...args)) });
    return () => reads;
  }

  it('attack 40: fetches no byte of an object that is larger than an update', async () => {
    const { context, inbox, vault } = open();
    const answers = await Promise.all([0, 1].map((slot) => answerOf(slot, 'x'.repeat(21), me)));
    for (const { deliver } of answers) await deliver(vault);
    expect(await inbox.winner(roundWith(answers.map(({ job }) => job)), 0, signal)).toBeUndefined();
    expect(context.lines.map(({ code }) => code)).toEqual(['VT8205', 'VT8205']);
  });

  it('attacks 40 and 47: noise that a quorum committed to never wins, and is fetched once', async () => {
    const { context, inbox, vault } = open();
    const reads = counting(vault);
    const answers = await Promise.all(
      ['noise', 'noise', 'right'].map((update, slot) => answerOf(slot, update, me)),
    );
    for (const { deliver } of answers) await deliver(vault);
    const round = roundWith(answers.map(({ job }) => job));
    for (let look = 0; look < 3; look += 1) expect(await inbox.winner(round, 0, signal)).toBeUndefined();
    expect(reads()).toBe(3);
    expect(context.lines.filter(({ msg }) => msg === 'no update').map(({ code }) => code)).toEqual([
      'VT9242',
      'VT9242',
    ]);
  });

  it('attack 40: an update that no quorum opens is fetched again only once one does', async () => {
    const { inbox, vault } = open();
    const reads = counting(vault);
    const answers = await Promise.all([0, 1].map((slot) => answerOf(slot, 'right', me)));
    await answers[0]!.deliver(vault);
    const alone = roundWith([answers[0]!.job]);
    await inbox.winner(alone, 0, signal);
    await inbox.winner(alone, 0, signal);
    expect(reads()).toBe(1);
    expect(text(await inbox.winner(roundWith(answers.map(({ job }) => job)), 0, signal))).toBe('right');
  });

  it('attack 39: an object that never comes leaves time for its sister’s', async () => {
    const { inbox, vault } = open();
    const answers = await Promise.all([0, 1].map((slot) => answerOf(slot, 'right', me)));
    for (const { deliver } of answers) await deliver(vault);
    const first = inMemoryKeyring('pt_host0').handle('update', answers[0]!.job.jobId);
    const has = vault.has.bind(vault);
    Object.assign(vault, {
      has: (handle: string) => (handle === first ? new Promise<boolean>(() => undefined) : has(handle)),
    });
    const round = roundWith(answers.map(({ job }) => job));
    const deadlines = { ...round.deadlines!, commitMs: 1_000, closeMs: 1_800 };
    expect(text(await inbox.winner({ ...round, deadlines }, 0, signal))).toBe('right');
  });
});
