import { afterEach, beforeEach, expect, it } from 'vitest';
import { AgentEvents } from './agentEvent.js';
import { healthSchema } from './health.js';
import { startAgentMetrics, type AgentMetrics } from './metrics.js';

let metrics: AgentMetrics;
beforeEach(async () => {
  metrics = await startAgentMetrics({ profile: 'alder', port: 0 });
});
afterEach(() => metrics?.close());

const read = async (path: string): Promise<string> => (await fetch(`${metrics.address}${path}`)).text();

it('serves what the agent did, failed at and waits for, as Prometheus reads it', async () => {
  const events = new AgentEvents([metrics.observe]);
  events.emit({ kind: 'stepDone', step: 'fetchModel', facts: { bytes: 700 }, ms: 40 });
  events.emit({ kind: 'stepDone', step: 'fetchModel', facts: { bytes: 300 }, ms: 4_000 });
  const failed = { kind: 'failed', subject: 'tc_1', failures: 1, message: 'Gone.' } as const;
  events.emit({ ...failed, isOvertaken: false, code: 'VT8101' });
  events.emit({ ...failed, isOvertaken: true, code: 'VT0202' });
  const wait = { subject: 'tc_1', attempt: 1, subsetIndex: null, whom: ['pt_lab'], until: null };
  events.emit({ kind: 'waiting', isIdle: true, waiting: [{ ...wait, kind: 'start' }] });
  const text = await read('/metrics');
  expect(text).toContain('veritrain_agent_step_seconds_count{profile="alder",step="fetchModel"} 2');
  expect(text).toContain(
    'veritrain_agent_step_seconds_bucket{le="0.05",profile="alder",step="fetchModel"} 1',
  );
  expect(text).toContain('veritrain_agent_vault_bytes_total{profile="alder"} 1000');
  expect(text).toContain('veritrain_agent_failures_total{code="VT8101",profile="alder"} 1');
  expect(text).not.toContain('VT0202');
  expect(text).toContain('veritrain_agent_waiting{kind="start",profile="alder"} 1');
  expect(text).toContain('process_cpu_seconds_total');
});

it('serves health as the agent’s file has it', async () => {
  const events = new AgentEvents([metrics.observe]);
  events.emit({ kind: 'started', roles: ['modelOwner'] });
  events.emit({ kind: 'stepDone', step: 'putModel', facts: {}, ms: 1 });
  expect(healthSchema.parse(JSON.parse(await read('/health')))).toMatchObject({
    profile: 'alder',
    roles: ['modelOwner'],
    state: 'working',
    steps: 1,
    lastStep: 'putModel',
  });
});

it('serves nothing else, takes nothing, and is on this machine alone', async () => {
  expect(metrics.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await fetch(`${metrics.address}/`)).status).toBe(404);
  expect((await fetch(`${metrics.address}/metrics`, { method: 'POST' })).status).toBe(405);
  const port = Number(new URL(metrics.address).port);
  await expect(startAgentMetrics({ profile: 'birch', port })).rejects.toThrow('EADDRINUSE');
});
