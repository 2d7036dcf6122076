import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Machine } from '../command/machine.js';
import type { Result, Settings } from '../rows/benchmark.js';
import type { PeerResult } from '../support/peers.js';
import { drawChart } from './chart.js';
import { measureCurves } from './curves.js';
import { pageOf } from './markdown.js';

const docs = fileURLToPath(new URL('../../../../../docs/', import.meta.url));

/** All that a page shows. */
export interface PageInput {
  readonly machine: Machine;
  readonly results: readonly Result[];
  readonly peers: readonly PeerResult[];
  readonly notes: readonly string[];
  readonly settings: Settings;
  readonly progress: (name: string) => void;
}

/** Measures the curves, draws them, and writes `docs/benchmarks-training.md`. */
export async function writePage(input: PageInput): Promise<void> {
  const charts = await measureCurves(input.settings, input.progress);
  const folder = join(docs, 'benchmarks-training');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const chart of charts) writeFileSync(join(folder, `${chart.name}.svg`), await drawChart(chart));
  const page = join(docs, 'benchmarks-training.md');
  writeFileSync(page, pageOf(input, charts));
  await promisify(execFile)('prettier', ['--write', page]);
  input.progress(`wrote ${page}`);
}
