import type { RowBlock } from '../../data/rowBlock.js';
import type { FamilyTemplate } from '../../maps/mappedRows.js';
import { classFinder } from '../classValues.js';
import type { MomentSums } from '../family.js';
import { LogisticSums, type LogisticMoments } from '../logistic/moments.js';
import type { MultiLogisticHead } from './head.js';

/** Moments of a subset's rows x, which all classes share, and what each class has of them. */
export interface MultiLogisticMoments extends LogisticMoments {
  /** Share of each class in the rows. */
  readonly shares: Float64Array;
  /** E of x in rows of a class and 0 in others, class by class. */
  readonly classProducts: Float64Array;
}

/** Sums up moments while rows go by, row by row. A row of no class counts as one of the rest: a refusal is public. */
export class MultiLogisticSums implements MomentSums<MultiLogisticMoments> {
  readonly #shared = new LogisticSums();
  readonly #classOf: (target: number) => number;
  readonly #counts: Float64Array;
  #products = new Float64Array(0);
  #features = 0;
  #rows = 0;

  constructor({ classes }: MultiLogisticHead, { statistics }: FamilyTemplate) {
    this.#classOf = classFinder(classes, statistics);
    this.#counts = new Float64Array(classes.length);
  }

  begin(features: number): void {
    this.#features = features;
    this.#products = new Float64Array(this.#counts.length * features);
    this.#shared.begin(features);
  }

  rows(block: RowBlock): void {
    const { rows, cells } = block;
    this.#shared.rows(block);
    const width = this.#features + 1;
    for (let start = 0; start < rows * width; start += width) {
      const place = this.#classOf(cells[start + width - 1]!);
      if (place >= 0) this.#add(place, cells.subarray(start, start + width - 1));
    }
    this.#rows += rows;
  }

  moments(): MultiLogisticMoments {
    const mean = (sum: number): number => sum / this.#rows;
    return {
      ...this.#shared.moments(),
      shares: this.#counts.map(mean),
      classProducts: this.#products.map(mean),
    };
  }

  #add(place: number, row: Float64Array): void {
    this.#counts[place]! += 1;
    const start = place * this.#features;
    for (let i = 0; i < row.length; i++) this.#products[start + i]! += row[i]!;
  }
}
