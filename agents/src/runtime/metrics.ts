import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AgentEvent, AgentObserver } from './agentEvent.js';
import { healthAfter, healthAtStart } from './health.js';

/** Whose metrics to serve, and where. */
export interface AgentMetricsOptions {
  /** The name of the member's profile, which becomes a label of every metric. */
  readonly profile: string;
  /** The TCP port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
}

/** A running server of an agent's metrics. */
export interface AgentMetrics {
  /** `http://127.0.0.1:<port>`: Prometheus reads `/metrics`, people and probes `/health`. */
  readonly address: string;
  /** Counts an event: pass it to `runAgent` as `onEvent`. */
  readonly observe: AgentObserver;
  /** Stops the server and its open connections. */
  close(): Promise<void>;
}

/** Seconds: a commit takes tens of milliseconds, a large upload minutes. */
const buckets = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600];

/** Serves an agent's metrics and health on this machine alone. @throws the system's error where the port is taken */
export async function startAgentMetrics({ profile, port }: AgentMetricsOptions): Promise<AgentMetrics> {
  const registry = new Registry();
  registry.setDefaultLabels({ profile });
  collectDefaultMetrics({ register: registry });
  let health = healthAtStart(profile, []);
  const count = counting(registry);
  const server = createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') response.writeHead(405).end();
    else if (request.url === '/health')
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(health));
    else if (request.url === '/metrics')
      registry.metrics().then(
        (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
    else response.writeHead(404).end();
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  const { port: bound } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${bound.toString()}`,
    observe: (event) => {
      health = healthAfter(health, event);
      count(event);
    },
    close: () => closed(server),
  };
}

function counting(registry: Registry): AgentObserver {
  const registers = [registry];
  const steps = new Histogram({
    name: 'veritrain_agent_step_seconds',
    help: 'Duration of the steps that the agent did',
    labelNames: ['step'],
    buckets,
    registers,
  });
  const bytes = new Counter({
    name: 'veritrain_agent_vault_bytes_total',
    help: 'Bytes that steps moved into and out of the vault',
    registers,
  });
  const failures = new Counter({
    name: 'veritrain_agent_failures_total',
    help: 'Reconciles that failed, by error code',
    labelNames: ['code'],
    registers,
  });
  const waiting = new Gauge({
    name: 'veritrain_agent_waiting',
    help: 'What the agent waits for, by kind',
    labelNames: ['kind'],
    registers,
  });
  return (event: AgentEvent) => {
    if (event.kind === 'stepDone') {
      steps.observe({ step: event.step }, event.ms / 1000);
      if (typeof event.facts.bytes === 'number') bytes.inc(event.facts.bytes);
    }
    if (event.kind === 'failed' && !event.isOvertaken) failures.inc({ code: event.code });
    if (event.kind !== 'waiting') return;
    waiting.reset();
    for (const { kind } of event.waiting) waiting.inc({ kind });
  };
}

async function closed(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
