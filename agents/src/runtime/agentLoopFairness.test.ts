import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { testFolder } from '../../../test/support/folder.js';
import { logLines } from '../testing/roleContext.js';
import { FakeEvents } from '../testing/fakeEvents.js';
import { AgentLoop, type Controller, type ReconcileResult } from './agentLoop.js';
import { AgentEvents } from './agentEvent.js';
import { healthFile, HealthReporter } from './health.js';
import { logEvents } from './logger.js';
import { Steps } from './steps.js';
import { Ticker } from './ticker.js';

const folder = testFolder('loop');
const nothing: ReconcileResult = { waiting: [] };
const soon = { timeout: 8_000, interval: 5 };

let stop = new AbortController();
let running = Promise.resolve();
let looks: string[] = [];
let lines: Record<string, unknown>[] = [];
afterEach(async () => {
  stop.abort();
  await running;
});

const controllerOf = (
  subjects: readonly string[],
  look: (subject: string, signal: AbortSignal) => Promise<ReconcileResult>,
): Controller => ({
  role: 'dataOwner',
  list: () => Promise.resolve(subjects),
  keyOf: () => undefined,
  reconcile: (subject, signal) => {
    looks.push(subject);
    return look(subject, signal);
  },
});

function run(...controllers: Controller[]): void {
  const log = logLines();
  [stop, looks, lines] = [new AbortController(), [], log.lines];
  const health = new HealthReporter(folder(), 'member', [], log.logger);
  const events = new AgentEvents([logEvents(log.logger), health.observe]);
  const clock = { tick: () => Promise.reject(new Error('nothing is awaited')) };
  const loop = new AgentLoop({
    controllers,
    changes: (signal) => new FakeEvents().changes(signal),
    ticker: new Ticker({ clock } as never, new Steps(events), 60_000, performance.now()),
    events,
    logger: log.logger,
    signal: stop.signal,
  });
  running = loop.run();
}

describe('an agent’s loop', () => {
  it('attack 39: ends, and says so, though a look heeds no signal', async () => {
    run(controllerOf(['ds_hangs'], () => new Promise<ReconcileResult>(() => undefined)));
    await vi.waitFor(() => expect(looks).toContain('ds_hangs'), soon);
    stop.abort();
    await running;
    expect(healthFile(folder()).read()?.state).toBe('stopped');
    expect(lines).toContainEqual(expect.objectContaining({ code: 'VT9243', subjects: 'ds_hangs' }));
  });

  it('attack 42: looks that hang on one counterparty leave the others their turn', async () => {
    const hanging = Array.from({ length: 40 }, (_, index) => `ds_bad${index}`);
    const controllers = controllerOf([...hanging, 'ds_good'], async (subject, signal) => {
      if (subject !== 'ds_good') await delay(600_000, undefined, { signal });
      return nothing;
    });
    run({ ...controllers, counterpartyOf: (subject) => (subject === 'ds_good' ? 'pt_good' : 'pt_bad') });
    await vi.waitFor(() => expect(looks).toContain('ds_good'), soon);
    expect(looks.filter((subject) => subject.startsWith('ds_bad'))).toHaveLength(4);
  });

  it('attack 42: one role whose resync fails leaves the other its own', async () => {
    const failing = {
      ...controllerOf([], () => Promise.resolve(nothing)),
      list: () => Promise.reject(new Error('no list')),
    };
    run(failing, { ...controllerOf(['tc_1'], () => Promise.resolve(nothing)), role: 'modelOwner' });
    await vi.waitFor(() => expect(looks).toContain('tc_1'), soon);
  });

  it('attack 60: health names what is waited for, also while the next look at it hangs', async () => {
    const wait = { kind: 'vault', code: 'VT8201', attempt: null, subsetIndex: null, whom: [] } as const;
    let count = 0;
    run(
      controllerOf(['ds_1'], async (_subject, signal) => {
        count += 1;
        if (count > 1) await delay(600_000, undefined, { signal });
        return { waiting: [{ ...wait, whom: [], until: null }], requeueAfterMs: 0 };
      }),
    );
    const waiting = [{ subject: 'ds_1', ...wait, until: null }];
    await vi.waitFor(() => expect(healthFile(folder()).read()?.waiting).toEqual(waiting), soon);
  });
});
