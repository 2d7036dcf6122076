import type { RowBlock, RowVisitor } from '../data/rowBlock.js';
import type { Template } from '../data/template.js';
import { LARGEST_FEATURE, type MapRow } from './featureMap.js';
import { mapWidth, openMap, takesTableUnits, type MapDocument } from './registry.js';

/** What the columns of a dataset are standardised by. */
export type ColumnStatistics = Pick<Template['statistics'], 'means' | 'scales'>;

/** A program's map, and what its family wants of it. */
export interface MapUse {
  readonly map: MapDocument;
  /** Whether rows get a last feature that is 1. Mapped features have no mean of 0, and some families train no intercept. */
  readonly hasOnes: boolean;
}

/** Features that a family gets of so many columns. @throws TrainingError VT7302 */
export function mappedWidth({ map, hasOnes }: MapUse, columns: number): number {
  return mapWidth(map, columns) + (isMapped(map) && hasOnes ? 1 : 0);
}

/** Whether features are something else than the columns. */
export function isMapped({ kind }: MapDocument): boolean {
  return kind !== 'identity';
}

/** A mapper of standardised rows. @throws TrainingError VT7302 */
export function rowMapper({ map, hasOnes }: MapUse, columns: number, statistics: ColumnStatistics): MapRow {
  const mapRow = openMap(map, columns);
  const width = mapWidth(map, columns);
  const { means, scales } = statistics;
  const own = new Float64Array(columns);
  return (row, features) => {
    if (takesTableUnits(map))
      for (let column = 0; column < columns; column++)
        own[column] = row[column]! * scales[column]! + means[column]!;
    else own.set(row);
    mapRow(own, features.subarray(0, width));
    if (hasOnes) features[width] = 1;
  };
}

/** Rows that are mapped at a time: 264 kB at 1,024 features. */
const ROWS_AT_ONCE = 32;

/** Hands a visitor mapped rows while columns go by. Memory does not depend on the number of rows. */
export class MappedRows implements RowVisitor {
  readonly #use: MapUse;
  readonly #statistics: ColumnStatistics;
  readonly #visitor: RowVisitor;
  #columns = 0;
  #features = 0;
  #mapRow: MapRow | undefined;
  #cells = new Float64Array(0);

  constructor(use: MapUse, statistics: ColumnStatistics, visitor: RowVisitor) {
    this.#use = use;
    this.#statistics = statistics;
    this.#visitor = visitor;
  }

  /** @throws TrainingError VT7302 */
  begin(columns: number): void {
    this.#columns = columns;
    this.#features = mappedWidth(this.#use, columns);
    this.#mapRow = rowMapper(this.#use, columns, this.#statistics);
    this.#cells = new Float64Array(ROWS_AT_ONCE * (this.#features + 1));
    this.#visitor.begin(this.#features);
  }

  rows({ rows, cells }: RowBlock): void {
    const [from, to] = [this.#columns + 1, this.#features + 1];
    for (let first = 0; first < rows; first += ROWS_AT_ONCE) {
      const count = Math.min(ROWS_AT_ONCE, rows - first);
      for (let row = 0; row < count; row++) {
        const start = (first + row) * from;
        const mapped = this.#cells.subarray(row * to, (row + 1) * to);
        this.#mapRow?.(cells.subarray(start, start + this.#columns), mapped);
        mapped[this.#features] = cells[start + this.#columns]!;
      }
      this.#visitor.rows({ rows: count, cells: this.#cells.subarray(0, count * to) });
    }
  }
}

/** A dataset as a family sees it: with the features that the program's map makes. */
export interface FamilyTemplate extends Template {
  /** Bound on the mean square of a feature in any subset; absent where it follows from the rows of the subset. */
  readonly maxMeanSquare?: number;
}

/** The template of mapped features: the same dataset itself where columns are not mapped. @throws TrainingError VT7302 */
export function mappedTemplate(use: MapUse, template: Template): FamilyTemplate {
  const features = mappedWidth(use, template.features);
  if (!isMapped(use.map)) return template;
  const each = <Value>(value: Value): Value[] => Array.from({ length: features }, () => value);
  return {
    ...template,
    features,
    columns: Array.from({ length: features }, (_, feature) => `feature ${feature}`),
    statistics: { ...template.statistics, means: each(0), scales: each(1) },
    maxMeanSquare: LARGEST_FEATURE * LARGEST_FEATURE,
  };
}
