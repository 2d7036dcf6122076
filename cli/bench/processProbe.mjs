// Loaded into every process of a demo before anything else: when the process ends, it notes its processor time, the
// calls that it made over gRPC, and where a sampling profiler saw it.
import { channel } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { basename } from 'node:path';
import { layerOf } from './layers.mjs';

const { VERITRAIN_BENCH_NOTES: notes } = process.env;
const sampleEveryUs = 500;

/** Starts of calls by method, `Evaluate`, `Submit`. */
const calls = {};
channel('http2.client.stream.created').subscribe(({ headers }) => {
  const method = basename(String(headers[':path']));
  calls[method] = (calls[method] ?? 0) + 1;
});

const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.setSamplingInterval', { interval: sampleEveryUs });
session.post('Profiler.start');

/** Shares of the samples by layer, those left out that saw the process wait. */
function layers({ nodes, samples }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) for (const child of node.children ?? []) byId.get(child).parent = node;
  const spent = {};
  let seen = 0;
  for (const id of samples) {
    const layer = layerOf(byId.get(id));
    if (layer === undefined) continue;
    spent[layer] = (spent[layer] ?? 0) + 1;
    seen += 1;
  }
  return Object.fromEntries(Object.entries(spent).map(([layer, count]) => [layer, count / seen]));
}

/** What the process is, by its command line: a member's profile, else its program. */
function nameOf(argv) {
  const profile = argv.indexOf('--profile');
  if (profile >= 0) return basename(argv[profile + 1]);
  if (argv.some((word) => word.includes('fabric-shim'))) return 'contract';
  if (argv.some((word) => word.includes('embedded-ledger'))) return 'ledger';
  return 'demo';
}

process.on('exit', () => {
  session.post('Profiler.stop', (error, result) => {
    const { user, system } = process.cpuUsage();
    const { maxRSS } = process.resourceUsage();
    const cpuMs = (user + system) / 1000;
    const shares = error === null ? Object.entries(layers(result.profile)) : [];
    const found = {
      name: nameOf(process.argv),
      cpuMs,
      peakMb: (maxRSS * 1024) / 1e6,
      calls,
      layers: Object.fromEntries(shares.map(([layer, share]) => [layer, share * cpuMs])),
    };
    appendFileSync(notes, `${JSON.stringify(found)}\n`);
  });
});

// Who does not listen ends by the signal, and would note nothing.
process.on('SIGTERM', () => {
  if (process.listenerCount('SIGTERM') === 1) process.exit(143);
});
