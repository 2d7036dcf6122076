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

/** Folder of the page's pictures and of the figures that it is made of. */
export const figuresFolder = join(dirname(workspace), 'docs', 'benchmarks');
const path = join(figuresFolder, 'figures.json');

const measuredChapter = z.strictObject({
  /** Day on which it was measured, such as `2026-11-30`. */
  on: z.iso.date(),
  machine: machineSchema,
  runs: z.array(runSchema),
  /** Version and settings of the PostgreSQL that was measured. */
  postgres: z.string().optional(),
  oam: z.custom<OamComparison>().optional(),
  /** Of the chapter `comparison`; null where one could not be measured. */
  ratios: z.record(z.enum(ratioNames), z.number().nullable()).optional(),
});
export type MeasuredChapter = z.infer<typeof measuredChapter>;

const figuresSchema = z.partialRecord(z.enum(chapterNames), measuredChapter);
/** What was measured last of each chapter, maybe on different days. */
export type Figures = z.infer<typeof figuresSchema>;

/** @throws Error for a file that says something else; none is no figures */
export const readFigures = (): Figures =>
  existsSync(path) ? figuresSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : {};

/** Puts a chapter in the place of what was measured of it before. */
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
