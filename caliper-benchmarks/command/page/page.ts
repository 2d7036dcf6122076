import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { chapterNames, type ChapterName } from '../chapters/chapter.js';
import { drawChart } from './chart.js';
import { figuresFolder, readFigures, type Figures, type MeasuredChapter } from './figures.js';
import { reachTable } from './reaches.js';
import type { Section } from './section.js';
import { sections } from './sections.js';

const path = join(dirname(figuresFolder), 'benchmarks.md');

const head = `# Benchmarks

\`npm run bench:caliper -- --chapter all --page\` writes this page. A single chapter, such as \`--chapter load\`, replaces only its own figures. The figures are in [figures.json](benchmarks/figures.json). [Caliper: how we measure](caliper.md) explains the measurements and which figures compare. Compare a rate only with others of its chapter: between chapters and days the machine may differ by a factor of two.
`;

/** Writes docs/benchmarks.md and its pictures from the existing figures. */
export async function writePage(): Promise<void> {
  const figures = readFigures();
  mkdirSync(figuresFolder, { recursive: true });
  for (const name of readdirSync(figuresFolder)) if (name.endsWith('.svg')) rmSync(join(figuresFolder, name));
  for (const { charts } of sectionsOf(figures))
    for (const chart of charts)
      writeFileSync(join(figuresFolder, `${chart.name}.svg`), await drawChart(chart));
  writeFileSync(path, await pageOf(figures));
}

/** The page's text, in this repository's Markdown format. */
export async function pageOf(figures: Figures): Promise<string> {
  const parts = [head, reachTable(figures.comparison?.ratios), ...sectionsOf(figures).map(textOf)];
  return format(parts.join('\n\n'), { ...(await resolveConfig(path)), parser: 'markdown' });
}

interface DatedSection extends Section {
  readonly measured: MeasuredChapter;
}

const sectionsOf = (figures: Figures): DatedSection[] =>
  chapterNames.flatMap((name: ChapterName) => {
    const [measured, section] = [figures[name], sections[name]];
    return measured === undefined || section === undefined ? [] : [{ ...section(measured), measured }];
  });

function textOf({ title, text, charts, tables, measured: { on, machine } }: DatedSection): string {
  const { cpu, cores, memoryBytes, node } = machine;
  const where = `_${on}, ${cores} cores of ${cpu}, ${Math.round(memoryBytes / 2 ** 30)} GiB, Node ${node.slice(1)}, Fabric 3.1.5._`;
  const pictures = charts.map((chart) => `![${chart.title}](benchmarks/${chart.name}.svg)`);
  return [`## ${title}`, where, text, ...pictures, ...tables].join('\n\n');
}
