import type { RoundView } from '@veritrain/client-sdk';
import { decodeLocation, decryptObject, inMemoryKeyring } from '@veritrain/client-sdk/keys';
import { digestOf } from '@veritrain/client-sdk/vault';
import type { DataPackage } from '@veritrain/training';
import { describe, expect, it, vi } from 'vitest';
import { agreedProgram } from '@veritrain/member/models';
import { openInstancePackage } from '@veritrain/member/instances';
import { testFolder } from '../../../../test/support/folder.js';
import { reconcileWith } from '../../testing/reconcile.js';
import { roleContext } from '../../testing/roleContext.js';
import { answerOf, couple, roundWith } from '../../../../test/support/sampleRound.js';
import { jobsOf, UpdateStore, type HostJob } from './hostUpdate.js';
import { HostWork } from './hostWork.js';

vi.mock('@veritrain/member/models', { spy: true });
vi.mock('@veritrain/member/instances', { spy: true });

const folder = testFolder('host');
const modelOwner = inMemoryKeyring('model owner');
const update = Buffer.from('an update');

interface Submitted {
  readonly instanceId: string;
  readonly nonce: string;
  readonly commitment: string;
  readonly sealed: string;
}

/** A host of slot 0 that has computed its update; what it sends is noted. */
function host() {
  const sent: { submitted: Submitted[]; revealed: object[] } = { submitted: [], revealed: [] };
  const jobs = {
    submitUpdate: (input: Submitted) => Promise.resolve(sent.submitted.push(input)),
    revealUpdate: (input: object) => Promise.resolve(sent.revealed.push(input)),
  };
  /** What the ledger says of the round when it is asked once more. */
  const ledger = { round: roundWith([]) };
  const rounds = { get: () => Promise.resolve(ledger.round) };
  const participants = { get: () => Promise.resolve({ encryptionKey: modelOwner.encryptionKey }) };
  const context = roleContext({
    folder: folder(),
    keyring: inMemoryKeyring('pt_host0'),
    participantId: 'pt_host0',
    ledger: { jobs, participants, couples: { get: () => Promise.resolve(couple) }, rounds },
  });
  const updates = new UpdateStore(context);
  const work = new HostWork(context, updates);
  return {
    context,
    updates,
    /** Each time in a reconcile of its own. */
    work: { advance: (job: HostJob) => work.advance(job, reconcileWith(context)) },
    sent,
    vault: context.member.market.vault,
    ledger,
  };
}

function jobIn(round: RoundView): HostJob {
  const [job] = jobsOf(couple, round, 'pt_host0');
  if (job === undefined) throw new Error('the round does not name the host');
  return job;
}

const committed = async (count: number): Promise<RoundView['jobs']> =>
  Promise.all(
    [0, 1, 2]
      .slice(0, count)
      .map(async (slot) => (await answerOf(slot, 'an update', modelOwner.encryptionKey)).job),
  );

describe('a host', () => {
  it('commits to the update that it keeps, and tells the model owner alone where it will lie', async () => {
    const { work, updates, sent, vault } = host();
    const job = jobIn(roundWith([]));
    const kept = updates.keep(job, update);
    expect(await work.advance(job)).toBeUndefined();
    const [submitted] = sent.submitted;
    const [{ commitment, nonce }] = (await committed(1)) as [RoundView['jobs'][number]];
    expect(submitted).toMatchObject({ instanceId: job.slot.instanceId, commitment, nonce });
    const { handle, digest, key } = decodeLocation(await modelOwner.open(submitted?.sealed ?? ''));
    expect([handle, digest]).toEqual([kept.handle, digestOf(kept.object)]);
    expect(Buffer.from(decryptObject(key, kept.object, job.jobId)).equals(update)).toBe(true);
    expect(await vault.has(handle)).toBe(false);
  });

  it('sends the same bytes when it does the step again after a crash', async () => {
    const { context, work, updates, sent } = host();
    const job = jobIn(roundWith([]));
    updates.keep(job, update);
    await work.advance(job);
    await new HostWork(context, new UpdateStore(context)).advance(job, reconcileWith(context));
    expect(sent.submitted[1]).toEqual(sent.submitted[0]);
  });

  it('says nothing after the time to commit', async () => {
    const { work, updates, sent } = host();
    const job = jobIn(roundWith([], ['commit']));
    updates.keep(job, update);
    await work.advance(job);
    expect(sent.submitted).toEqual([]);
  });

  it('uploads when its subset has a quorum, not before, and once', async () => {
    const { context, work, updates, vault, ledger } = host();
    const alone = jobIn(roundWith(await committed(1)));
    const { handle, object } = updates.keep(alone, update);
    await work.advance(alone);
    expect(await vault.has(handle)).toBe(false);
    ledger.round = roundWith(await committed(2));
    const quorum = jobIn(ledger.round);
    await work.advance(quorum);
    await work.advance(quorum);
    expect(Buffer.from(await vault.get(handle)).equals(object)).toBe(true);
    expect(context.takeSteps()).toEqual(['uploadUpdate']);
  });

  it('attack 58: uploads nothing where a peer makes up a quorum, or repeats this host’s own commitment', async () => {
    const { work, updates, vault, ledger } = host();
    const own = await committed(1);
    const madeUp = (
      await Promise.all([1, 2].map((slot) => answerOf(slot, 'a guess', modelOwner.encryptionKey)))
    ).map(({ job }) => job);
    const { handle } = updates.keep(jobIn(roundWith(own)), update);
    const lies: RoundView[] = [
      roundWith([...own, ...madeUp]),
      roundWith([...own, ...own, ...own]),
      { ...roundWith(own), subsets: roundWith(await committed(3)).subsets },
    ];
    for (const lie of lies) {
      ledger.round = lie;
      await work.advance(jobIn(lie));
    }
    expect(await vault.has(handle)).toBe(false);
  });

  it('attack 58: reads the round once more before it uploads, and believes that answer', async () => {
    const { work, updates, vault, ledger } = host();
    const quorum = jobIn(roundWith(await committed(2)));
    const { handle } = updates.keep(quorum, update);
    ledger.round = roundWith(await committed(1));
    await work.advance(quorum);
    expect(await vault.has(handle)).toBe(false);
  });

  it('attack 58: uploads nothing for a subset that the round did not draw, whatever one peer says', async () => {
    const { work, updates, vault, ledger } = host();
    const quorum = jobIn(roundWith(await committed(2)));
    const { handle } = updates.keep(quorum, update);
    ledger.round = { ...quorum.round, drawn: [] };
    await work.advance(quorum);
    expect(await vault.has(handle)).toBe(false);
  });

  it('attack 58: runs the program that was agreed on, not the one that its peer names', async () => {
    const { work } = host();
    // It says only how many features there are; a package of this size lies on no test's disk.
    vi.mocked(openInstancePackage).mockResolvedValueOnce({ features: 10 } as DataPackage);
    vi.mocked(agreedProgram).mockRejectedValueOnce(new Error('asked once'));
    const terms = { ...couple.terms, programDigest: digestOf(Buffer.from('another')) };
    await expect(work.advance({ ...jobIn(roundWith([])), couple: { ...couple, terms } })).rejects.toThrow(
      'asked once',
    );
    expect(vi.mocked(agreedProgram).mock.lastCall?.[1].terms).toEqual(couple.terms);
  });

  it('names its digest where its subset is contested or was left unclosed, until it has, or the time is over', async () => {
    const { work, updates, sent, ledger } = host();
    const jobs = await committed(2);
    const open = roundWith(jobs);
    updates.keep(jobIn(open), update);
    const contested = {
      ...{ coupleId: open.coupleId, attempt: open.attempt, subsetIndex: 0, state: 'contested' as const },
      ...{ outcome: null, claim: 'undelivered', digest: null, commitments: 2, verdicts: [] },
      ...{ closedAt: null, settledAt: null },
    };
    const reveals = jobIn(open)
      .subset.slots.slice(0, 1)
      .map((slot) => ({
        ...{ coupleId: open.coupleId, attempt: open.attempt, subsetIndex: 0, ...slot },
        ...{ digest: digestOf(update), revealedAt: open.openedAt },
      }));
    const silent: RoundView[] = [
      open,
      { ...open, settlements: [{ ...contested, state: 'settled' }] },
      { ...open, settlements: [contested], reveals },
      { ...roundWith(jobs, ['reveal']), settlements: [contested] },
    ];
    for (const round of silent) {
      ledger.round = round;
      await work.advance(jobIn(round));
    }
    expect(sent.revealed).toEqual([]);
    for (const round of [{ ...open, settlements: [contested] }, roundWith(jobs, ['close'])]) {
      ledger.round = open;
      await work.advance(jobIn(round));
      expect(sent.revealed, 'attack 58: one peer alone says so').toHaveLength(0);
    }
    for (const round of [{ ...open, settlements: [contested] }, roundWith(jobs, ['close'])]) {
      ledger.round = round;
      await work.advance(jobIn(round));
    }
    const { instanceId } = jobIn(open).slot;
    const word = { coupleId: open.coupleId, attempt: open.attempt, instanceId, digest: digestOf(update) };
    expect(sent.revealed).toEqual([word, word]);
  });
});

describe('the updates that a host keeps', () => {
  it('are encrypted on disk, for their job alone, until they are forgotten', () => {
    const { context, updates } = host();
    const job = jobIn(roundWith([]));
    expect(updates.read(job)).toBeUndefined();
    const kept = updates.keep(job, update);
    expect(new UpdateStore(context).read(job)).toEqual(kept);
    expect(Buffer.from(kept.object).includes(update)).toBe(false);
    const [found] = updates.keptOf(couple.coupleId);
    expect(found).toMatchObject({ jobId: job.jobId, attempt: 1, subsetIndex: 0 });
    expect(updates.keptOf('tc_other')).toEqual([]);
    updates.forget(found!);
    updates.forget(found!);
    expect(updates.read(job)).toBeUndefined();
  });

  it('belong to every slot of the host that the round names', () => {
    const round = roundWith([]);
    const [subset] = round.drawn;
    const two = { ...round, drawn: [subset!, { ...subset!, subsetIndex: 1 }] };
    expect(jobsOf(couple, two, 'pt_host2').map(({ jobId }) => jobId)).toHaveLength(2);
    expect(new Set(jobsOf(couple, two, 'pt_host2').map(({ jobId }) => jobId)).size).toBe(2);
    expect(jobsOf(couple, round, 'pt_nobody')).toEqual([]);
  });
});
