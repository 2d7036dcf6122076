import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { VeritrainError, type CommittedChange } from '@veritrain/client-sdk';
import { AgentEvents, type Awaited } from './agentEvent.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { logLines } from '../testing/roleContext.js';
import { FakeEvents } from '../testing/fakeEvents.js';
import { AgentLoop, type Controller, type ReconcileResult } from './agentLoop.js';
import { HealthReporter, healthFile, type Health } from './health.js';
import { logEvents } from './logger.js';
import { Steps } from './steps.js';
import { Ticker } from './ticker.js';

const place = { summary: '', transactionId: 't', blockNumber: 1n };
const changeOf = (datasetId: string): CommittedChange => ({ type: 'DatasetReady', datasetId, ...place });
const tickAt = (time: number, sequence = 3): CommittedChange => ({
  ...{ type: 'ClockTicked', sequence, time },
  ...place,
});

const waitingUntil = (until: Awaited['until']): Awaited => ({
  kind: 'start',
  attempt: 2,
  subsetIndex: null,
  whom: ['pt_owner'],
  until,
});
const deadline = { sequence: 1, durationMs: 1_000, windowMs: 100, passed: false };

let folder: string;
let told: FakeEvents;
let stop: AbortController;
let running: Promise<void>;
let looks: string[];
let ticked: number;
let lines: Record<string, unknown>[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'veritrain-loop-'));
  told = new FakeEvents();
  stop = new AbortController();
  running = Promise.resolve();
  looks = [];
  ticked = 0;
});
afterEach(async () => {
  stop?.abort();
  await running;
  rmSync(folder, { recursive: true, force: true });
});

const nothing: ReconcileResult = { waiting: [] };
type Reconcile = (subject: string, signal: AbortSignal) => Promise<ReconcileResult> | ReconcileResult;

function controllerOf(subjects: readonly string[], reconcile: Reconcile, role = 'dataOwner'): Controller {
  return {
    role,
    list: () => {
      looks.push('*');
      return Promise.resolve(subjects);
    },
    keyOf: (change) => ('datasetId' in change ? change.datasetId : undefined),
    reconcile: (subject, signal) => {
      looks.push(subject);
      return Promise.resolve(reconcile(subject, signal));
    },
  };
}

function run(...controllers: Controller[]): void {
  const log = logLines();
  ({ lines } = log);
  const reporter = new HealthReporter(folder, 'member', [], log.logger);
  const events = new AgentEvents([logEvents(log.logger), reporter.observe]);
  const tick = (): Promise<{
    transactionId: string;
    blockNumber: bigint;
    result: { sequence: number; time: number };
  }> => {
    ticked += 1;
    return Promise.resolve({ transactionId: 't', blockNumber: 1n, result: { sequence: 1, time: 1 } });
  };
  const clock = { tick, get: () => Promise.reject(new Error('not asked for')) };
  const loop = new AgentLoop({
    controllers,
    changes: (signal) => told.changes(signal),
    ticker: new Ticker({ clock }, new Steps(events), 50, performance.now(), () => 0),
    events,
    logger: log.logger,
    signal: stop.signal,
  });
  running = loop.run();
}

const health = (): Health | undefined => healthFile(folder).read();
/** Generous: whether it comes is asked, not when. */
const soon = { timeout: 8_000, interval: 5 };
const looksAt = (subject: string): number => looks.filter((each) => each === subject).length;

describe('AgentLoop', () => {
  it('looks at all there is, then at what the ledger speaks of, and stops when it is told to', async () => {
    run(controllerOf(['ds_1', 'ds_2'], () => nothing));
    await vi.waitFor(() => expect(looks).toEqual(['*', 'ds_1', 'ds_2']), soon);
    told.say(changeOf('ds_2'));
    told.say(changeOf('ds_3'));
    await vi.waitFor(() => expect(looks).toEqual(['*', 'ds_1', 'ds_2', 'ds_2', 'ds_3']), soon);
    await vi.waitFor(() => expect(health()?.state).toBe('waiting'), soon);
    stop.abort();
    await running;
    expect(health()?.state).toBe('stopped');
    expect(lines.filter(({ level }) => Number(level) > 30)).toEqual([]);
  });

  it('keeps the subjects of two roles apart', async () => {
    const seen: string[] = [];
    const noting = (role: string): Controller =>
      controllerOf(['tc_1'], () => (seen.push(role), nothing), role);
    run(noting('dataOwner'), noting('modelOwner'));
    await vi.waitFor(() => expect(seen.toSorted()).toEqual(['dataOwner', 'modelOwner']), soon);
  });

  it('looks again at what failed, with the reason in log and health, and holds up nobody', async () => {
    let failures = 3;
    run(
      controllerOf(['ds_bad', 'ds_good'], (subject) => {
        if (subject === 'ds_bad' && failures-- > 0)
          throw new VeritrainError({
            code: 'VT8101',
            title: 'GATEWAY_UNREACHABLE',
            reason: 'Gone.',
            hint: '',
          });
        return nothing;
      }),
    );
    await vi.waitFor(() => expect(looksAt('ds_bad')).toBe(4), soon);
    expect(looksAt('ds_good')).toBe(1);
    const warned = lines.filter(({ level }) => level === 40);
    expect(warned.map((line) => [line.subject, line.code, line.failures])).toEqual(
      [1, 2, 3].map((count) => ['0/ds_bad', 'VT8101', count]),
    );
    await vi.waitFor(() => expect(health()).toMatchObject({ lastError: { code: 'VT8101' } }), soon);
  });

  it('says nothing aloud of a look that was overtaken, until it is so time and again', async () => {
    run(
      controllerOf(['ds_1'], () => {
        throw new VeritrainError({ code: 'VT0608', title: 'WRONG_ATTEMPT', reason: 'Over.', hint: '' });
      }),
    );
    await vi.waitFor(() => expect(looksAt('ds_1')).toBeGreaterThan(3), soon);
    await vi.waitFor(() => expect(lines.filter(({ level }) => level === 40)).toHaveLength(1), soon);
    expect(lines.find(({ level }) => level === 40)).toMatchObject({ failures: 4 });
  });

  it('looks at six subjects at once', async () => {
    const open: (() => void)[] = [];
    const current = new Set<string>();
    let most = 0;
    const subjects = Array.from({ length: 9 }, (_, index) => `ds_${index}`);
    run(
      controllerOf(subjects, async (subject) => {
        current.add(subject);
        most = Math.max(most, current.size);
        await new Promise<void>((resolve) => open.push(resolve));
        current.delete(subject);
        return nothing;
      }),
    );
    await vi.waitFor(() => expect(current.size).toBe(6), soon);
    await delay(50);
    expect(looks).toHaveLength(7);
    await vi.waitFor(() => {
      open.splice(0).forEach((finish) => {
        finish();
      });
      expect(looks).toHaveLength(10);
    }, soon);
    open.forEach((finish) => {
      finish();
    });
    expect(most).toBe(6);
  });

  it('looks first at what the ledger has just told of, while a resync goes on', async () => {
    const subjects = Array.from({ length: 40 }, (_, index) => `ds_${index}`);
    run(
      controllerOf(subjects, async () => {
        await delay(20);
        return nothing;
      }),
    );
    await vi.waitFor(() => expect(looks).toContain('ds_0'), soon);
    told.say(changeOf('ds_39'));
    await vi.waitFor(() => expect(looks).toHaveLength(41), soon);
    expect(looks.indexOf('ds_39')).toBeLessThan(20);
  });

  it('looks at a subject anew only when the look before is over', async () => {
    let finish = (): void => undefined;
    run(
      controllerOf(['ds_1'], async () => {
        if (looks.length === 2) await new Promise<void>((resolve) => (finish = resolve));
        return nothing;
      }),
    );
    await vi.waitFor(() => expect(looksAt('ds_1')).toBe(1), soon);
    told.say(changeOf('ds_1'));
    told.say(changeOf('ds_2'));
    await vi.waitFor(() => expect(looksAt('ds_2')).toBe(1), soon);
    expect(looksAt('ds_1')).toBe(1);
    finish();
    await vi.waitFor(() => expect(looksAt('ds_1')).toBe(2), soon);
  });

  it('looks again after the time that a look asked for', async () => {
    run(controllerOf(['ds_1'], () => (looksAt('ds_1') < 3 ? { waiting: [], requeueAfterMs: 10 } : nothing)));
    await vi.waitFor(() => expect(looksAt('ds_1')).toBe(3), soon);
  });

  it('ticks while a deadline is awaited only, and shows what it waits for', async () => {
    const dueAt = Date.now() - 10_000;
    run(controllerOf(['ds_1'], () => ({ waiting: [waitingUntil({ ...deadline, dueAt })] })));
    await vi.waitFor(() => expect(ticked).toBeGreaterThan(1), soon);
    const until = new Date(dueAt).toISOString();
    await vi.waitFor(
      () =>
        expect(health()?.waiting).toEqual([
          { subject: 'ds_1', kind: 'start', attempt: 2, subsetIndex: null, whom: ['pt_owner'], until },
        ]),
      soon,
    );
  });

  it('does not tick where no deadline is awaited, or it has passed', async () => {
    run(
      controllerOf(['ds_1', 'ds_2'], (subject) => ({
        waiting: [waitingUntil(subject === 'ds_1' ? null : { ...deadline, dueAt: 1, passed: true })],
      })),
    );
    await vi.waitFor(() => expect(health()?.state).toBe('waiting'), soon);
    await delay(300);
    expect(ticked).toBe(0);
  });

  it('wakes by a tick those whose deadline it passes or starts, and no others', async () => {
    const dueAts: Record<string, number | null> = {
      ds_due: 1_000,
      ds_later: 9_000_000_000_000,
      ds_unstarted: null,
    };
    run(
      controllerOf(Object.keys(dueAts), (subject) =>
        looksAt(subject) > 1
          ? nothing
          : { waiting: [waitingUntil({ ...deadline, dueAt: dueAts[subject] ?? null })] },
      ),
    );
    await vi.waitFor(() => expect(looks).toHaveLength(4), soon);
    told.say(tickAt(1_099, 2));
    told.say(tickAt(1_100));
    await vi.waitFor(() => expect(looksAt('ds_unstarted')).toBe(2), soon);
    expect([looksAt('ds_due'), looksAt('ds_later')]).toEqual([1, 1]);
    told.say(tickAt(1_101));
    await vi.waitFor(() => expect(looksAt('ds_due')).toBe(2), soon);
    expect(looksAt('ds_later')).toBe(1);
  });

  it('listens again where events break off, and looks at everything soon after', async () => {
    run(controllerOf([], () => nothing));
    await vi.waitFor(() => expect(looks).toEqual(['*']), soon);
    told.break();
    await vi.waitFor(() => expect(told.listeners).toBe(2), soon);
    await vi.waitFor(() => expect(looks).toEqual(['*', '*']), { ...soon, timeout: 5_000 });
  });

  it('breaks off a look when it is stopped, and calls that no failure', async () => {
    run(
      controllerOf(['ds_1'], async (_subject, signal) => {
        await delay(600_000, undefined, { signal });
        return nothing;
      }),
    );
    await vi.waitFor(() => expect(looks).toContain('ds_1'), soon);
    stop.abort();
    await running;
    expect(lines.filter(({ level }) => Number(level) > 30)).toEqual([]);
  });
});
