// Loaded into every process of a demo before anything else: when the process ends, it notes its processor time, the
// calls that it made over gRPC and, where asked to, in which layers a sampling profiler saw it. The profiler costs a
// fifth of the time itself.
import { channel } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { basename } from 'node:path';
import { layerOf } from './layers.mjs';

const { VERITRAIN_BENCH_NOTES: notes, VERITRAIN_BENCH_PROFILE: isProfiled } = process.env;
const sampleEveryUs = 5_000;

/** Starts of calls by method, `Evaluate`, `Submit`. */
const calls = {};
channel('http2.client.stream.created').subscribe(({ headers }) => {
  const method = basename(String(headers[':path']));
  calls[method] = (calls[method] ?? 0) + 1;
});

const stopProfiler = isProfiled === 'true' ? startProfiler() : () => ({});

/** @returns a function that stops it and tells the samples by layer */
function startProfiler() {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: sampleEveryUs });
  session.post('Profiler.start');
  return () => {
    let samples = {};
    // In this process the answer comes before `post` returns.
    session.post('Profiler.stop', (error, result) => {
      if (error === null) samples = samplesByLayer(result.profile);
    });
    return samples;
  };
}

/** Samples that saw the process wait are left out. */
function samplesByLayer({ nodes, samples }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) for (const child of node.children ?? []) byId.get(child).parent = node;
  const counts = {};
  for (const id of samples) {
    const layer = layerOf(byId.get(id));
    if (layer !== undefined) counts[layer] = (counts[layer] ?? 0) + 1;
  }
  return counts;
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
  // First, since to read the profile takes time, too.
  const { user, system } = process.cpuUsage();
  const found = {
    name: nameOf(process.argv),
    cpuMs: (user + system) / 1000,
    peakMb: (process.resourceUsage().maxRSS * 1024) / 1e6,
    calls,
    samples: stopProfiler(),
  };
  appendFileSync(notes, `${JSON.stringify(found)}\n`);
});

// Who does not listen ends by the signal, and would note nothing.
process.on('SIGTERM', () => {
  if (process.listenerCount('SIGTERM') === 1) process.exit(143);
});
