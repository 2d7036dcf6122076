import type { MeasuredChapter } from './figures.js';
import type { Chart } from './chart.js';

/** A part of the page: one measured chapter. */
export interface Section {
  readonly title: string;
  /** The measurement and its limits, before the pictures. */
  readonly text: string;
  readonly charts: readonly Chart[];
  /** Markdown tables. */
  readonly tables: readonly string[];
}

export type SectionOf = (measured: MeasuredChapter) => Section;
