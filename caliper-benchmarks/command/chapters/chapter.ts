import type { Site } from '../networks.js';

/** Networks that run one after another, and the benchmarks for each of them. */
export interface Stage {
  readonly sites: readonly Site[];
  /** Names of files in `benchmarks/`, in running order. */
  readonly benchmarks: readonly string[];
  /** Only on the last network: the name of a benchmark of OAM's flow and ours. */
  readonly oam?: string;
  /** Only after the last network: the records of the round `mix` in PostgreSQL. */
  readonly postgres?: boolean;
}

/** The measurements for one question, which form one chapter of docs/benchmarks.md. */
export interface Chapter {
  readonly name: ChapterName;
  /** Its line in `--help`. */
  readonly about: string;
  /** Approximate minutes on two idle cores. */
  readonly minutes: number;
  readonly stages: readonly Stage[];
}

/** Whether it gives the ratios, because it measures everything that they compare. */
export const compares = ({ stages }: Chapter): boolean => stages.some(({ postgres }) => postgres === true);

export const chapterNames = [
  'quick',
  'comparison',
  'costs',
  'transactions',
  'load',
  'peers',
  'distance',
  'growth',
  'height',
] as const;
export type ChapterName = (typeof chapterNames)[number];
