import type { Site } from '../networks.js';

/** Networks that are started one after the other, and what is run on each of them. */
export interface Stage {
  readonly sites: readonly Site[];
  /** Names of files in `benchmarks/`, in the order in which they run. */
  readonly benchmarks: readonly string[];
  /** On the last of the networks also: name of a benchmark of OAM's flow and ours. */
  readonly oam?: string;
  /** Beside the last of the networks also: the records of the round `mix` in PostgreSQL. */
  readonly postgres?: boolean;
}

/** What is measured for one question, and printed as one chapter of docs/benchmarks.md. */
export interface Chapter {
  readonly name: ChapterName;
  /** In one line of `--help`. */
  readonly about: string;
  /** How long it takes on two idle cores, about. */
  readonly minutes: number;
  readonly stages: readonly Stage[];
}

/** Whether it gives the ratios: it measures all that is compared. */
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
