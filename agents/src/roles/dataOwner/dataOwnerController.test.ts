import { type CoupleView, type TrainCouple, VeritrainError } from '@veritrain/client-sdk';
import { digestOf } from '@veritrain/client-sdk/vault';
import { writeAtomically } from '@veritrain/member/home';
import { architectureOf } from '@veritrain/member/models';
import { defineProgram, encodeProgram } from '@veritrain/training';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AgentLoop } from '../../runtime/agentLoop.js';
import { AgentEvents } from '../../runtime/agentEvent.js';
import { logEvents } from '../../runtime/logger.js';
import { Ticker } from '../../runtime/ticker.js';
import { testFolder } from '../../../../test/support/folder.js';
import { roleContext } from '../../testing/roleContext.js';
import { couple } from '../../../../test/support/sampleRound.js';
import { FakeEvents } from '../../testing/fakeEvents.js';
import { afterStep } from '../role.js';
import { DataOwnerController } from './dataOwnerController.js';

const folder = testFolder('owner');
const me = 'pt_member';
const stop = { controller: new AbortController(), running: Promise.resolve() };
afterEach(async () => {
  stop.controller.abort();
  await stop.running;
});

const program = defineProgram({ protection: couple.terms.protection });
const programDigest = digestOf(encodeProgram(program));
const model = { architectureDigest: digestOf(architectureOf(program)) };

const requested = (coupleId: string, modelOwnerId: string): TrainCouple => ({
  ...couple,
  terms: { ...couple.terms, programDigest },
  coupleId,
  modelOwnerId,
  dataOwnerId: me,
  state: 'requested',
  dataOwnerChain: null,
  attempts: 0,
});
const { rounds, subsetsPerRound, idleMs, protection, subsets, replicas, aggregation, deadlines } =
  couple.terms;
const requestRules = {
  mostRounds: rounds,
  mostSubsetsPerRound: subsetsPerRound,
  mostIdleMs: idleMs,
  protections: [protection],
};
const dataset = { subsets, replicas, aggregation, deadlines, requestRules };
const refused = (code: string, title: string): Error =>
  new VeritrainError({ code, title, reason: 'Refused.', hint: '' });
const page = (items: readonly unknown[]): Promise<unknown> => Promise.resolve({ items, bookmark: '' });

/** A market with these requests, in which the contract answers an approval so. Notes what was sent, in order. */
function market(requests: readonly TrainCouple[], approve: (coupleId: string) => Error | undefined) {
  const byId = new Map(requests.map((each) => [each.coupleId, each]));
  const overdue = new Set<string>();
  const sent: { transaction: string; coupleId: string; reason?: string }[] = [];
  const change = (coupleId: string, state: TrainCouple['state']): Promise<unknown> => {
    const changed = { ...byId.get(coupleId)!, state };
    byId.set(coupleId, changed);
    return Promise.resolve({ result: changed, transactionId: 't', blockNumber: 1n });
  };
  const submit = (transaction: string, input: { coupleId: string; reason?: string }): Promise<unknown> => {
    const { coupleId, reason } = input;
    sent.push({ transaction, coupleId, ...(reason === undefined ? {} : { reason }) });
    if (transaction === 'RejectTraining') return change(coupleId, 'rejected');
    const error = approve(coupleId);
    return error === undefined ? change(coupleId, 'approved') : Promise.reject(error);
  };
  const view = ({ coupleId }: { coupleId: string }): Promise<CoupleView> => {
    const passed = overdue.has(coupleId);
    const until = { sequence: 1, durationMs: 1_000, windowMs: 1, dueAt: 1, passed };
    const wait = { kind: 'answer', attempt: null, subsetIndex: null, instanceId: null } as const;
    const thenAnyone = passed ? 'CancelTraining' : null;
    return Promise.resolve({
      couple: byId.get(coupleId)!,
      round: null,
      waiting: [{ ...wait, whom: [me], transactions: [], until, thenAnyone }],
    });
  };
  const get = ({ coupleId }: { coupleId: string }): Promise<unknown> => Promise.resolve(byId.get(coupleId));
  const ledger = {
    datasets: { list: () => page([]), get: () => Promise.resolve(dataset) },
    couples: {
      list: () => page([...byId.values()]),
      get,
      view,
      cancel: ({ coupleId }: { coupleId: string }) => {
        sent.push({ transaction: 'CancelTraining', coupleId });
        return change(coupleId, 'cancelled');
      },
    },
    evaluate: (name: string, input: { coupleId: string }) =>
      name === 'GetModel' ? Promise.resolve(model) : get(input),
    submit,
  };
  const context = roleContext({ folder: folder(), ledger, participantId: me });
  writeAtomically(context.member.home.documentPath(programDigest), encodeProgram(program));
  return { context, sent, overdue, stateOf: (id: string) => byId.get(id)?.state };
}

/** Runs the owner's agent on it. */
function run({ context }: ReturnType<typeof market>): void {
  const { signal } = (stop.controller = new AbortController());
  const clock = { tick: () => Promise.reject(refused('VT0401', 'TICK_TOO_EARLY')) };
  const { steps, logger } = context;
  const loop = new AgentLoop({
    controllers: [new DataOwnerController(context, 'auto')],
    changes: (until) => new FakeEvents().changes(until),
    ticker: new Ticker({ clock } as never, steps, 50_000, performance.now()),
    events: new AgentEvents([logEvents(logger)]),
    logger,
    signal,
  });
  stop.running = loop.run();
}

const { signal } = new AbortController();
const soon = { timeout: 20_000, interval: 5 };
const withdrawn = refused('VT0502', 'DATASET_WITHDRAWN');

describe('a data owner’s agent', () => {
  it('attack 42: rejects what the contract does not let it approve, with a reason', async () => {
    const reasons: Record<string, [Error, string]> = {
      tc_withdrawn: [withdrawn, 'datasetWithdrawn'],
      tc_exhausted: [refused('VT0606', 'LIFETIME_EXHAUSTED'), 'lifetimeExhausted'],
      tc_used: [refused('VT0605', 'ANCHOR_USED'), 'other'],
    };
    const requests = Object.keys(reasons).map((id) => requested(id, 'pt_lab'));
    const asked = market(requests, (id) => reasons[id]?.[0]);
    const controllers = new DataOwnerController(asked.context, 'auto');
    for (const { coupleId } of requests) {
      expect(await controllers.reconcile(coupleId, signal)).toEqual(afterStep);
      expect(asked.stateOf(coupleId)).toBe('rejected');
      expect(asked.sent.at(-1)).toMatchObject({ coupleId, reason: reasons[coupleId]?.[1] });
    }
  });

  it('attack 42: enforces the deadline of a request before it tries to answer it', async () => {
    const asked = market([requested('tc_late', 'pt_lab')], () => withdrawn);
    asked.overdue.add('tc_late');
    await new DataOwnerController(asked.context, 'auto').reconcile('tc_late', signal);
    expect(asked.sent).toEqual([{ transaction: 'CancelTraining', coupleId: 'tc_late' }]);
  });

  it('leaves a request alone whose time to be answered has passed meanwhile', async () => {
    const asked = market([requested('tc_late', 'pt_lab')], () => refused('VT0403', 'DEADLINE_PASSED'));
    const { waiting } = await new DataOwnerController(asked.context, 'auto').reconcile('tc_late', signal);
    expect(waiting).toHaveLength(1);
    expect(asked.stateOf('tc_late')).toBe('requested');
  });

  it('attack 42: answers an honest request among its first, though six hundred of one member cannot be approved', async () => {
    const flood = Array.from({ length: 600 }, (_, index) => requested(`tc_flood${index}`, 'pt_flooder'));
    const honest = requested('tc_honest', 'pt_lab');
    const asked = market([...flood, honest], (id) => (id === 'tc_honest' ? undefined : withdrawn));
    run(asked);
    await vi.waitFor(() => expect(asked.stateOf('tc_honest')).toBe('approved'), soon);
    expect(asked.sent.findIndex(({ coupleId }) => coupleId === 'tc_honest')).toBeLessThan(20);
    await vi.waitFor(
      () => expect(asked.sent.filter(({ reason }) => reason !== undefined)).toHaveLength(600),
      soon,
    );
  });

  it('attack 42: and though all of them fail again and again', async () => {
    const flood = Array.from({ length: 300 }, (_, index) => requested(`tc_flood${index}`, 'pt_flooder'));
    const later = requested('tc_later', 'pt_lab');
    let isBroken = true;
    const asked = market([...flood, later], (id) =>
      id === 'tc_later' && !isBroken ? undefined : refused('VT8110', 'CONTRACT_NOT_RUNNING'),
    );
    run(asked);
    await vi.waitFor(() => expect(asked.sent.length).toBeGreaterThan(300), soon);
    isBroken = false;
    await vi.waitFor(() => expect(asked.stateOf('tc_later')).toBe('approved'), soon);
  });
});
