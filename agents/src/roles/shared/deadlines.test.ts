import type { CoupleView, Waiting } from '@veritrain/client-sdk';
import { subsetsPerTally } from '@veritrain/client-sdk/protocol';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../../../../test/support/folder.js';
import { reconcileWith } from '../../testing/reconcile.js';
import { roleContext } from '../../testing/roleContext.js';
import { couple } from '../../../../test/support/sampleRound.js';
import type { ReconcileContext, RoleContext } from '../role.js';
import { enforceDeadlines } from './deadlines.js';

const folder = testFolder('deadlines');
const { signal } = new AbortController();
const { coupleId } = couple;
const attempt = couple.attempts;

const waitFor = (
  thenAnyone: Waiting['thenAnyone'],
  passed: boolean,
  subsetIndex: number | null = null,
): Waiting => ({
  kind: 'answer',
  attempt: null,
  instanceId: null,
  whom: ['pt_owner'],
  transactions: [],
  until: { sequence: 1, durationMs: 1_000, windowMs: 250, dueAt: 1, passed },
  thenAnyone,
  subsetIndex,
});

const viewWith = (waiting: Waiting[]): CoupleView => ({ couple, round: null, waiting });
/** A reconcile that began with this wait. */
const reconcile = (role: RoleContext, waiting: Waiting[], until = signal): ReconcileContext =>
  reconcileWith(role, { waiting }, until);

/** A ledger that answers each time what comes next, and notes what is enforced. */
function enforcing(...answers: Waiting[][]): { context: ReturnType<typeof roleContext>; done: unknown[] } {
  const done: unknown[] = [];
  const note =
    (transaction: string) =>
    (input: object): Promise<void> => {
      done.push([transaction, input]);
      return Promise.resolve();
    };
  const view = (): Promise<CoupleView> => Promise.resolve(viewWith(answers.shift() ?? []));
  const ledger = {
    couples: { view, cancel: note('cancel') },
    rounds: { expire: note('expire'), tally: note('tally') },
  };
  return { context: roleContext({ folder: folder(), ledger }), done };
}

describe('enforcing deadlines', () => {
  it('only says who is waited for while no deadline has passed', async () => {
    const waiting = [waitFor('CancelTraining', false), waitFor(null, true)];
    const { context, done } = enforcing();
    expect(await enforceDeadlines(reconcile(context, waiting))).toBe(waiting);
    expect(done).toEqual([]);
  });

  it.each([
    ['CancelTraining', ['cancel', { coupleId }]],
    ['ExpireRound', ['expire', { coupleId, attempt }]],
  ] as const)('does what anyone may once it has passed: %s', async (transaction, expected) => {
    const waiting = [waitFor(transaction, true)];
    const { context, done } = enforcing(waiting);
    expect(await enforceDeadlines(reconcile(context, waiting))).toBeUndefined();
    expect(done).toEqual([expected]);
  });

  it('tallies the subsets that are due, as many as one transaction takes', async () => {
    const due = [5, 3, 4, 1, 2].map((subset) => waitFor('TallyRound', true, subset));
    const { context, done } = enforcing([waitFor('TallyRound', false, 0), ...due]);
    await enforceDeadlines(reconcile(context, due));
    const subsetIndexes = [5, 3, 4, 1, 2].slice(0, subsetsPerTally(couple.terms));
    expect(subsetIndexes.length).toBeLessThan(due.length);
    expect(done).toEqual([['tally', { coupleId, attempt, subsetIndexes }]]);
  });

  it('leaves to others what is not this role’s, or what somebody did during the pause', async () => {
    const notMine = [waitFor('CancelTraining', true)];
    const host = enforcing(notMine);
    expect(await enforceDeadlines(reconcile(host.context, notMine), ['TallyRound'])).toBe(notMine);
    const late = enforcing([waitFor(null, false)]);
    const said = [waitFor('ExpireRound', true)];
    expect(await enforceDeadlines(reconcile(late.context, said))).toBeUndefined();
    expect([host.done, late.done]).toEqual([[], []]);
  });

  it('breaks off its pause when it is stopped', async () => {
    const waiting = [waitFor('ExpireRound', true)];
    const { context, done } = enforcing(waiting);
    const stopped = enforceDeadlines(reconcile(context, waiting, AbortSignal.abort()));
    await expect(stopped).rejects.toThrow(/aborted/);
    expect(done).toEqual([]);
  });
});
