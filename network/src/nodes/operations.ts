import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** The metrics of a node's operations service. */
export interface Metrics {
  /** The value of a metric, for this channel if the metric names one. */
  get(name: string, channel: string): number | undefined;
}

const answerMs = 2_000;

/** Uses its own connection: `NODE_USE_ENV_PROXY` sends requests on Node's shared connections to a proxy. */
function ask(port: number, path: string): Promise<IncomingMessage> {
  const options = { host: '127.0.0.1', port, path: `/${path}`, agent: false };
  const signal = AbortSignal.timeout(answerMs);
  return new Promise((resolve, reject) => {
    get({ ...options, signal }, resolve).on('error', reject);
  });
}

export async function isHealthy(operationsPort: number): Promise<boolean> {
  try {
    const { statusCode } = (await ask(operationsPort, 'healthz')).resume();
    return statusCode === 200;
  } catch {
    return false;
  }
}

/** Undefined if the node does not answer. */
export async function readMetrics(operationsPort: number): Promise<Metrics | undefined> {
  try {
    const metrics = await text(await ask(operationsPort, 'metrics'));
    return { get: (name, channel) => valueOf(metrics, name, channel) };
  } catch {
    return undefined;
  }
}

/** Prometheus's text format: `name{channel="market"} 12`. */
function valueOf(text: string, name: string, channel: string): number | undefined {
  const line = text
    .split('\n')
    .find((each) => each.startsWith(`${name}{`) && each.includes(`channel="${channel}"`));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
}
