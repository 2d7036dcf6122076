import type { MeasuredChapter } from './figures.js';
import type { Chart } from './chart.js';

/** A part of the page: one chapter that was measured. */
export interface Section {
  readonly title: string;
  /** What was measured and what bends, before the pictures. */
  readonly text: string;
  readonly charts: readonly Chart[];
  /** Of Markdown. */
  readonly tables: readonly string[];
}

export type SectionOf = (measured: MeasuredChapter) => Section;
