import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { z } from 'zod';

/** Where figures come from. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** Such as `v22.23.3`. */
  readonly node: string;
  /** Processes that wanted a core in the minute before the start: above 0 the machine had other work. */
  readonly loadBefore: number;
  /** By name: this package, the encryption, and the other libraries that ran. */
  readonly versions: Readonly<Record<string, string>>;
}

const manifestSchema = z.object({
  version: z.string(),
  // Pinned to one version.
  dependencies: z.object({ 'node-seal': z.string() }),
});

/** @param peers versions of the other libraries */
export function thisMachine(loadBefore: number, peers: Readonly<Record<string, string>>): Machine {
  const path = new URL(import.meta.resolve('@veritrain/training/package.json'));
  const { version, dependencies } = manifestSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
    loadBefore,
    versions: { '@veritrain/training': version, 'node-seal': dependencies['node-seal'], ...peers },
  };
}

/** The load of the last minute, to a tenth. */
export function currentLoad(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10;
}
