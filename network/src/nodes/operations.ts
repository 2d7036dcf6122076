/** What a node's operations service tells. */
export interface Metrics {
  /** Value of a metric, of the channel where it names one. */
  get(name: string, channel: string): number | undefined;
}

const answerMs = 2_000;

const ask = (port: number, path: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}/${path}`, { signal: AbortSignal.timeout(answerMs) });

export async function isHealthy(operationsPort: number): Promise<boolean> {
  try {
    return (await ask(operationsPort, 'healthz')).ok;
  } catch {
    return false;
  }
}

/** Nothing where the node does not answer. */
export async function readMetrics(operationsPort: number): Promise<Metrics | undefined> {
  try {
    const text = await (await ask(operationsPort, 'metrics')).text();
    return { get: (name, channel) => valueOf(text, name, channel) };
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
