import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { chapterNames, type ChapterName } from '../chapters/chapter.js';
import { machineSchema, thisMachine } from '../machine.js';
import type { Outcome } from '../chapters/runChapter.js';
import type { OamComparison } from '../oamFigures.js';
import { ratioNames, valuesOf, type Ratios } from '../ratios.js';
import { runSchema } from '../summary.js';
import { workspace } from '../workspace.js';

/** Folder of the page's pictures and figures. */
export const figuresFolder = join(dirname(workspace), 'docs', 'benchmarks');
const path = join(figuresFolder, 'figures.json');

const measuredChapter = z.strictObject({
  /** Day of the measurement, such as `2026-11-30`. */
  on: z.iso.date(),
  machine: machineSchema,
  runs: z.array(runSchema),
  /** Version and settings of the measured PostgreSQL. */
  postgres: z.string().optional(),
  oam: z.custom<OamComparison>().optional(),
  /** Only of the chapter `comparison`; null if a ratio could not be measured. */
  ratios: z.record(z.enum(ratioNames), z.number().nullable()).optional(),
});
export type MeasuredChapter = z.infer<typeof measuredChapter>;

const figuresSchema = z.partialRecord(z.enum(chapterNames), measuredChapter);
/** The latest measurements of each chapter, possibly from different days. */
export type Figures = z.infer<typeof figuresSchema>;

/** @throws Error for a malformed file; a missing file gives no figures */
export const readFigures = (): Figures =>
  existsSync(path) ? figuresSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : {};

/** Replaces a chapter's previous measurements. */
export function keepFigures(name: ChapterName, { runs, oam, postgres }: Outcome, ratios?: Ratios): void {
  const chapter: MeasuredChapter = {
    on: new Date().toISOString().slice(0, 10),
    machine: thisMachine(),
    runs: [...runs],
    ...(postgres === undefined ? {} : { postgres }),
    ...(oam === undefined ? {} : { oam }),
    ...(ratios === undefined ? {} : { ratios: valuesOf(ratios) }),
  };
  mkdirSync(figuresFolder, { recursive: true });
  writeFileSync(path, `${JSON.stringify({ ...readFigures(), [name]: chapter }, null, 2)}\n`);
}
