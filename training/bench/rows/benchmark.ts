import type { Table } from '@veritrain/training';
import type { Times } from '../support/stopwatch.js';

/** What all benchmarks get. */
export interface Settings {
  /** How often a measurement is repeated; figures of time are medians. */
  readonly runs: number;
  /** The Framingham table, where its file is. */
  readonly framingham: Table | undefined;
  /** The folder of MNIST's files, where they are. */
  readonly mnist: string | undefined;
  /** scikit-learn's `digits.csv.gz`, where it is. */
  readonly digits: string | undefined;
}

/** What a benchmark measured: encrypted training beside its clear twin, in the same run. */
export interface Measured {
  /** Encrypted, end to end. */
  readonly encryptedTimes: Times;
  /** The same in clear. */
  readonly plainTimes: Times;
  /** Name of the figure that says how good the models are. */
  readonly metric: string;
  /** The figure of the encrypted model; null where it has none. */
  readonly encrypted: number | null;
  /** The figure of the encrypted model in each run, where runs differ in their rows. */
  readonly byRun?: readonly number[];
  /** That of the clear twin. */
  readonly plain: number | null;
  /** Bytes of a host's reply, a round and subset. */
  readonly bytesUp: number;
  /** Bytes of a query, a round and subset. */
  readonly bytesDown: number;
  /** Bits behind the binary point of a reply that are free of noise; null where no part of a reply is free to measure it. */
  readonly precisionBits: number | null;
  /** Further figures, in words. */
  readonly notes: readonly string[];
}

/** A row of the table: a task, what it is measured on, and how fast it should be. */
export interface Benchmark {
  /** What `--only` takes. */
  readonly name: string;
  /** What is measured, for people. */
  readonly title: string;
  /** The time to reach, where there is one. */
  readonly goalSeconds?: number;
  /** The data that it cannot run without, and the option that names it. */
  readonly needs?: 'framingham' | 'mnist' | 'digits';
  measure(settings: Settings): Promise<Measured>;
}

/** A row as programs read it. */
export interface Row extends Pick<
  Measured,
  'metric' | 'encrypted' | 'plain' | 'bytesUp' | 'bytesDown' | 'precisionBits'
> {
  readonly name: string;
  /** Wall clock, encrypted. */
  readonly seconds: number;
  /** Wall clock, in clear. */
  readonly plainSeconds: number;
}

/** A benchmark with what it measured. */
export interface Result extends Measured {
  readonly benchmark: Benchmark;
}

/** What programs read of a result. */
export function rowOf({ benchmark, encryptedTimes, plainTimes, ...measured }: Result): Row {
  const { metric, encrypted, plain, bytesUp, bytesDown, precisionBits } = measured;
  return {
    name: benchmark.name,
    seconds: encryptedTimes.seconds,
    plainSeconds: plainTimes.seconds,
    metric,
    encrypted,
    plain,
    bytesUp,
    bytesDown,
    precisionBits,
  };
}
