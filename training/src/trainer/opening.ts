import { canonicalJson } from '../canonical.js';
import type { DataPackage, PackageBatch } from '../data/package.js';
import { refusePackage, type PackageHead } from '../data/packageHead.js';
import { PackageReader, type WholePackage } from '../data/packageReader.js';
import type { RowBlock, RowVisitor } from '../data/rowBlock.js';
import type { SecondMoments } from '../data/secondMoments.js';
import { parseTemplate, templateDigest, type Template } from '../data/template.js';
import { TrainingError } from '../errors.js';
import { isMapped, MappedRows, mappedTemplate } from '../maps/mappedRows.js';
import type { MomentSums } from '../models/family.js';
import { familyOf, isBroughtFamily } from '../models/registry.js';
import { refuseProgram } from '../privacy/serves.js';
import { mapUseOf, parseProgram, programFeatures, type TrainingProgram } from '../program.js';

/** What only this package's own code sees of a {@link DataPackage}. */
export interface PackageContent {
  /** What the moments are for: {@link momentsName}. */
  readonly openedFor: string;
  /** The family's, of all rows. */
  readonly moments: unknown;
  readonly shardSecret: Uint8Array;
  /** Shared with each other subset of the batch, in the order of their indices; empty without a batch. */
  readonly pairSeeds: readonly Uint8Array[];
  /** Of the whole table. */
  readonly totalRows: number;
  /** It came with moments with noise in place of rows. */
  readonly isPrivate: boolean;
}

/** How a package is opened. */
export interface OpenOptions {
  /** Of the programs that will train on it: the sums that it needs are made while the rows go by. `linear` if absent. */
  readonly family?: string | undefined;
  /**
   * In place of the family, the program itself: needed where it maps columns, or where its family's sums follow from its head
   * (ridge classifiers). A package that was opened for a program serves all that differ from it in protection and early stopping alone.
   */
  readonly program?: TrainingProgram | undefined;
  /** The dataset's template, which the package names: needed where the program is. */
  readonly template?: Template | undefined;
}

/** What of a program moments follow from. */
export type ProgramPart = Pick<TrainingProgram, 'family' | 'featureMap' | 'head'>;

/** What moments are for: the family's name, and map and head where they follow from these. */
export function momentsName({ family, featureMap, head }: ProgramPart): string {
  if (!isOpenedByProgram({ family, featureMap })) return family;
  const { sumsNeedProgram } = familyOf(family);
  return `${family} ${canonicalJson({ featureMap, head: sumsNeedProgram ? head : {} })}`;
}

/** Whether packages are opened for this program itself, with their template, and not for its family alone. */
export function isOpenedByProgram({
  family,
  featureMap,
}: Pick<TrainingProgram, 'family' | 'featureMap'>): boolean {
  return isMapped(featureMap) || familyOf(family).sumsNeedProgram;
}

/** Sums of mapped rows, and what has to match the package's header. */
interface Sums {
  readonly openedFor: string;
  readonly moments: MomentSums<unknown>;
  /** What the package's rows are handed to. */
  readonly visitor: RowVisitor;
  readonly templateDigest?: string;
  /** @throws TrainingError VT7508 */
  released(moments: SecondMoments): unknown;
}

function sumsFor({ family = 'linear', program: given, template: named }: OpenOptions): Sums {
  if (given === undefined) {
    const moments = familyOf(family).sums();
    return { openedFor: family, moments, visitor: moments, released: releasedFor(family) };
  }
  const program = parseProgram(given);
  const openedFor = momentsName(program);
  if (openedFor === program.family) return sumsFor({ family: program.family });
  if (named === undefined)
    throw new TrainingError('VT7501', 'a package is opened for this program with its template', {});
  const template = parseTemplate(named);
  programFeatures(program, template.features);
  const use = mapUseOf(program);
  const of = { head: program.head, template: mappedTemplate(use, template) };
  const moments = familyOf(program.family).sums(of);
  const visitor = isMapped(use.map) ? new MappedRows(use, template.statistics, moments) : moments;
  const released = (): never => refuseProgram(program);
  return { openedFor, moments, visitor, templateDigest: templateDigest(template), released };
}

const releasedFor =
  (name: string) =>
  (moments: SecondMoments): unknown =>
    familyOf(name).fromSecondMoments?.(moments) ?? refuseProgram({ family: name });

/** A package that was read, and what is kept beside it. */
export interface Opened {
  readonly opened: DataPackage;
  readonly content: PackageContent;
}

/** A package on its way in. */
export class Opening {
  readonly reader: PackageReader;
  readonly #sums: Sums;
  readonly #squares = new ColumnSquares();
  /** Of a private dataset. */
  #released: unknown;

  constructor(options: OpenOptions) {
    this.#sums = sumsFor(options);
    const visitors: RowVisitor[] = [this.#squares, this.#sums.visitor];
    this.reader = new PackageReader({
      begin: (features) => {
        for (const visitor of visitors) visitor.begin(features);
      },
      rows: (block) => {
        for (const visitor of visitors) visitor.rows(block);
      },
      moments: (moments) => (this.#released = this.#sums.released(moments)),
    });
  }

  /** @throws TrainingError VT7202 */
  end(digest?: string): Opened {
    const whole = this.reader.end();
    if (digest !== undefined && whole.digest !== digest) {
      throw new TrainingError('VT7202', 'the package is refused: its digest is another', {
        promised: digest,
        found: whole.digest,
      });
    }
    return this.#judge(whole);
  }

  #judge({ digest, header, shardSecret, pairSeeds }: WholePackage): Opened {
    const { subset, rows, totalRows, features, batch, templateDigest: digestOfTemplate } = header;
    if ((this.#sums.templateDigest ?? digestOfTemplate) !== digestOfTemplate)
      refusePackage('it belongs to another dataset', { subset });
    // Standardised columns have squares that sum to the table's rows; a little more for rounding.
    if (this.#squares.largest() > totalRows * (1 + 1e-6))
      refusePackage('it holds a column that no standardised table can hold');
    const opened: DataPackage = {
      digest,
      templateDigest: digestOfTemplate,
      subset,
      rows,
      features,
      ...(batch && { batch: packageBatch(batch) }),
    };
    const { openedFor, moments } = this.#sums;
    const isPrivate = header.content !== undefined;
    const content = {
      openedFor,
      moments: isPrivate ? this.#released : moments.moments(),
      shardSecret,
      pairSeeds,
      totalRows,
      isPrivate,
    };
    return { opened, content };
  }
}

function packageBatch({
  first,
  rows,
  leastRows,
}: NonNullable<WholePackage['header']['batch']>): PackageBatch {
  return {
    subsets: rows.map((_, place) => first + place),
    rows: rows.reduce((sum, count) => sum + count, 0),
    leastRows,
  };
}

/** Σ x² of each column, the target among them. */
class ColumnSquares implements RowVisitor {
  #sums = new Float64Array(0);

  begin(features: number): void {
    this.#sums = new Float64Array(features + 1);
  }

  rows({ cells }: RowBlock): void {
    const sums = this.#sums;
    for (let start = 0; start < cells.length; start += sums.length) {
      for (let column = 0; column < sums.length; column++) sums[column]! += cells[start + column]! ** 2;
    }
  }

  largest(): number {
    return this.#sums.reduce((most, sum) => Math.max(most, sum), 0);
  }
}

/** A cell that is read, checked and hashed takes as long as so many sums of products. */
const CELL = 256;
/** Sums of products of one to four seconds. To start a thread takes a quarter of one. */
const LONG = 2 ** 31;

/**
 * Whether to read a package takes seconds, so that a thread of its own pays, by what the package says of itself. Other threads
 * do not know families of one's own.
 */
export function isLong({ header }: PackageHead, { program, family }: OpenOptions): boolean {
  if (header.content !== undefined || !isBroughtFamily(program?.family ?? family ?? 'linear')) return false;
  const width = program === undefined ? header.features : programFeatures(program, header.features);
  return header.rows * width * Math.max(CELL, width) >= LONG;
}
