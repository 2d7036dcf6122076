import { expect, it } from 'vitest';
import { logLines } from '../testing/roleContext.js';
import { type AgentEvent, AgentEvents, agentEventSchema } from './agentEvent.js';
import { logEvents } from './logger.js';
import { Steps } from './steps.js';

it('tells of each step with its facts and what it noted, ticks to the curious only', async () => {
  const { logger, lines } = logLines();
  const steps = new Steps(new AgentEvents([logEvents(logger)]));
  const result = await steps.run('fetchModel', { coupleId: 'tc_1' }, (note) => {
    note({ bytes: 7 });
    return Promise.resolve('model');
  });
  await steps.run('tick', {}, () => undefined);
  expect(result).toBe('model');
  expect(lines).toEqual([
    expect.objectContaining({ level: 30, step: 'fetchModel', coupleId: 'tc_1', bytes: 7, msg: 'fetchModel' }),
    expect.objectContaining({ level: 20, step: 'tick' }),
  ]);
  expect(lines[0]?.ms).toEqual(expect.any(Number));
});

it('tells how far a long step is', async () => {
  const seen: AgentEvent[] = [];
  const steps = new Steps(new AgentEvents([(event) => seen.push(agentEventSchema.parse(event))]));
  const progress = { phase: 'encodeMatrix', done: 3, of: 9, unit: 'plaintexts' } as const;
  await steps.run('prepareShard', { coupleId: 'tc_1' }, (_note, onProgress) => onProgress(progress));
  expect(seen.map(({ kind }) => kind)).toEqual(['stepBegun', 'stepProgress', 'stepDone']);
  expect(seen[1]).toMatchObject({ step: 'prepareShard', facts: { coupleId: 'tc_1' }, ...progress });
});

it('counts what was done, and not what failed', async () => {
  const { logger, lines } = logLines();
  const done: string[] = [];
  const note = (event: AgentEvent): void => {
    if (event.kind === 'stepDone') done.push(event.step);
  };
  const steps = new Steps(new AgentEvents([logEvents(logger), note]));
  await expect(steps.run('openRound', {}, () => Promise.reject(new Error('refused')))).rejects.toThrow(
    'refused',
  );
  await steps.run('putModel', {}, () => 1);
  expect(done).toEqual(['putModel']);
  expect(lines).toHaveLength(1);
});
