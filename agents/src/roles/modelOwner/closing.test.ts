import type { CallOptions, RoundView } from '@veritrain/client-sdk';
import { inMemoryKeyring } from '@veritrain/client-sdk/keys';
import { digestOf } from '@veritrain/client-sdk/vault';
import { describe, expect, it } from 'vitest';
import { TrainingError } from '@veritrain/training';
import { testFolder } from '../../../../test/support/folder.js';
import { reconcileWith } from '../../testing/reconcile.js';
import { roleContext } from '../../testing/roleContext.js';
import { answerOf, couple, roundWith, type HostAnswer } from '../../../../test/support/sampleRound.js';
import { closeRound, type Closing } from './closing.js';
import { UpdateInbox, type UpdateForm } from './updateInbox.js';

const folder = testFolder('closing');
const me = inMemoryKeyring('member').encryptionKey;
const right = digestOf(Buffer.from('right'));

/** Whatever is not called noise is an update. */
const form: UpdateForm = {
  maxBytes: 100,
  check: (bytes) => {
    if (Buffer.from(bytes).toString() === 'noise') throw new TrainingError('VT7402', 'no update');
  },
};

interface Close {
  readonly results: readonly { readonly subsetIndex: number; readonly claim: string }[];
}

/** Closes a round whose updates lie in the vault as far as they are delivered. */
async function closing(
  round: RoundView,
  delivered: readonly HostAnswer[] = [],
  endorsedRound = round,
): Promise<Closing & { readonly said: Close['results'] }> {
  const closes: Close[] = [];
  const rounds = {
    close: (input: Close) => Promise.resolve(closes.push(input)),
    get: (_: object, { trust }: CallOptions) =>
      trust === 'endorsed' ? Promise.resolve(endorsedRound) : Promise.reject(new Error('one peer was asked')),
  };
  const context = roleContext({ folder: folder(), ledger: { rounds } });
  for (const { deliver } of delivered) await deliver(context.member.market.vault);
  const reconcile = reconcileWith(context, { round });
  const closed = await closeRound(reconcile, round, new UpdateInbox(context, couple, form));
  return { ...closed, said: closes.flatMap(({ results }) => results) };
}

const answers = (count: number): Promise<HostAnswer[]> =>
  Promise.all([0, 1, 2].slice(0, count).map((slot) => answerOf(slot, 'right', me)));
const jobsOf = (all: readonly HostAnswer[]): HostAnswer['job'][] => all.map(({ job }) => job);
const undelivered = [{ subsetIndex: 0, claim: 'undelivered' }];
const nothing = { closed: false, awaited: [], said: [] };

describe('closing a round', () => {
  it('says the digest that a quorum opens, once every host has answered', async () => {
    const all = await answers(3);
    const { closed, said } = await closing(roundWith(jobsOf(all)), all.slice(0, 1));
    expect([closed, said]).toEqual([true, [{ subsetIndex: 0, claim: right }]]);
  });

  it('attack 58: closes nothing because one peer says that everybody had time', async () => {
    const two = await answers(2);
    const lie = roundWith(jobsOf(two).slice(0, 1), ['commit', 'upload']);
    expect((await closing(lie)).said).toEqual(undelivered);
    expect(await closing(lie, two, roundWith(jobsOf(two)))).toEqual({ ...nothing, awaited: [0] });
  });

  it('attack 58: an update that won by the word of one peer is not what is said of the subset', async () => {
    const all = await answers(3);
    const madeUp = await Promise.all([0, 1, 2].map((slot) => answerOf(slot, 'made up', me)));
    const { said } = await closing(roundWith(jobsOf(madeUp)), madeUp, roundWith(jobsOf(all), ['commit']));
    expect(said).toEqual([]);
  });

  it('waits for a slow host until the time to commit is over, with the update at hand', async () => {
    const two = await answers(2);
    expect(await closing(roundWith(jobsOf(two)), two)).toEqual({ ...nothing, awaited: [0] });
    expect((await closing(roundWith(jobsOf(two), ['commit']), two)).said).toEqual([
      { subsetIndex: 0, claim: right },
    ]);
  });

  it('waits for an upload until its deadline, and then says that none came', async () => {
    const all = await answers(3);
    expect(await closing(roundWith(jobsOf(all), ['commit']))).toEqual({ ...nothing, awaited: [0] });
    expect((await closing(roundWith(jobsOf(all), ['commit', 'upload']))).said).toEqual(undelivered);
  });

  it('gives up a subset under a quorum, but not before its hosts have had their time', async () => {
    const one = jobsOf(await answers(1));
    expect(await closing(roundWith(one))).toEqual(nothing);
    expect((await closing(roundWith(one, ['commit']))).said).toEqual(undelivered);
  });

  it('attack 1: of a batch gives up every subset where one is void, and awaits no upload before all have a quorum', async () => {
    const all = jobsOf(await answers(3));
    const open = roundWith(all);
    const batch = { subsetIndexes: [0, 1, 2], quorumReached: false, outcome: null };
    expect(await closing({ ...open, batches: [batch] })).toEqual(nothing);
    const isVoid = { ...batch, outcome: 'void' as const };
    expect((await closing({ ...open, batches: [isVoid] })).said).toEqual(undelivered);
    const early = roundWith(all.slice(0, 2));
    expect(await closing({ ...early, batches: [isVoid] })).toEqual(nothing);
    expect((await closing({ ...open, batches: [{ ...batch, quorumReached: true }] })).awaited).toEqual([0]);
  });

  it('leaves alone what is settled, and a round whose time to close is over', async () => {
    const all = await answers(3);
    const open = roundWith(jobsOf(all));
    const settlement = {
      coupleId: open.coupleId,
      attempt: open.attempt,
      subsetIndex: 0,
      state: 'settled' as const,
      outcome: 'agreed' as const,
      claim: right,
      digest: right,
      commitments: 3,
      verdicts: [],
      closedAt: null,
      settledAt: null,
    };
    expect(await closing({ ...open, settlements: [settlement] }, all)).toEqual(nothing);
    expect(await closing(roundWith(jobsOf(all), ['commit', 'upload', 'close']), all)).toEqual(nothing);
  });

  it('attack 47: never says a digest of bytes that are no update, and so convicts nobody by them', async () => {
    const noise = await Promise.all([0, 1].map((slot) => answerOf(slot, 'noise', me)));
    const all = [...noise, await answerOf(2, 'right', me)];
    expect(await closing(roundWith(jobsOf(all)), all)).toEqual({ ...nothing, awaited: [0] });
    expect((await closing(roundWith(jobsOf(all), ['commit', 'upload']), all)).said).toEqual(undelivered);
  });
});
