import type { DataPackage, PackageBatch } from '../data/package.js';
import { refusePackage } from '../data/packageHead.js';
import { PackageReader, type WholePackage } from '../data/packageReader.js';
import { canonicalJson } from '../canonical.js';
import type { RowBlock, RowVisitor } from '../data/rowBlock.js';
import type { SecondMoments } from '../data/secondMoments.js';
import { parseTemplate, templateDigest, type Template } from '../data/template.js';
import { TrainingError } from '../errors.js';
import { isMapped, MappedRows, mappedTemplate } from '../maps/mappedRows.js';
import type { MomentSums } from '../models/family.js';
import { familyOf } from '../models/registry.js';
import { needsSecondMomentsAlone, refuseProgram } from '../privacy/serves.js';
import { mapUseOf, parseProgram, programFeatures, type TrainingProgram } from '../program.js';
import { Pace, type WorkOptions } from '../work.js';

/** What only this package's own code sees of a {@link DataPackage}. */
interface PackageContent {
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

// Kept beside the package, not in it: printing or serialising a DataPackage shows no moment of rows and no secret.
const contents = new WeakMap<DataPackage, PackageContent>();

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

/**
 * Reads and checks a package that lies in memory: its form, its header, its length to the byte, and every number.
 * @throws TrainingError VT7202; VT7302 where the program does not fit the columns; VT7501 where it lacks its template
 */
export function openPackage(bytes: Uint8Array, options: OpenOptions = {}): DataPackage {
  const opening = new Opening(options);
  opening.reader.push(bytes);
  return opening.end();
}

/** Bytes that are summed up at a time: 32 rows of the widest package, a tenth of a second of the costliest map. */
const BYTES_AT_ONCE = 2 ** 18;

/**
 * The same from a stream, with memory that does not depend on the number of rows. However the stream is cut, the package
 * that comes out is the same to the last bit. It says where it stands, in rows, and can be stopped.
 * @param digest what all bytes must hash to, `sha256:…`; anything else is refused once they were read
 * @throws as {@link openPackage}; VT7511; whatever the stream throws
 */
export async function readPackage(
  pieces: AsyncIterable<Uint8Array>,
  { digest, signal, onProgress, ...options }: OpenOptions & WorkOptions & { digest?: string } = {},
): Promise<DataPackage> {
  const pace = new Pace({ signal, onProgress });
  const opening = new Opening(options);
  for await (const piece of pieces) {
    for (let first = 0; first < piece.length; first += BYTES_AT_ONCE) {
      opening.reader.push(piece.subarray(first, first + BYTES_AT_ONCE));
      await pace.next({ phase: 'readPackage', ...opening.reader.rows, unit: 'rows' });
    }
  }
  return opening.end(digest);
}

/** What is kept of a package that was opened here. @throws TrainingError VT7501 */
export function packageContent(opened: DataPackage): PackageContent {
  const content = contents.get(opened);
  if (content === undefined) throw new TrainingError('VT7501', 'the package does not come from openPackage');
  return content;
}

/** The moments that a program needs of a package that was opened for it. @throws TrainingError VT7501 */
export function momentsOf(opened: DataPackage, program: ProgramPart): unknown {
  const { openedFor, moments, isPrivate } = packageContent(opened);
  if (isPrivate && !needsSecondMomentsAlone(program)) refuseProgram(program);
  const wanted = momentsName(program);
  if (openedFor === wanted) return moments;
  throw new TrainingError('VT7501', `the package was opened for ${openedFor} models`, { wanted, openedFor });
}

/** What of a program moments follow from. */
type ProgramPart = Pick<TrainingProgram, 'family' | 'featureMap' | 'head'>;

/** What moments are for: the family's name, and map and head where they follow from these. */
function momentsName({ family, featureMap, head }: ProgramPart): string {
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

/** A package on its way in. */
class Opening {
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

  end(digest?: string): DataPackage {
    const whole = this.reader.end();
    if (digest !== undefined && whole.digest !== digest) {
      throw new TrainingError('VT7202', 'the package is refused: its digest is another', {
        promised: digest,
        found: whole.digest,
      });
    }
    return this.#keep(whole);
  }

  #keep({ digest, header, shardSecret, pairSeeds }: WholePackage): DataPackage {
    const { subset, rows, totalRows, features, batch, templateDigest: digestOfTemplate } = header;
    if ((this.#sums.templateDigest ?? digestOfTemplate) !== digestOfTemplate)
      refusePackage('it belongs to another dataset', { subset });
    // Standardised columns have squares that sum to the table's rows; a little more for rounding.
    if (this.#squares.largest() > totalRows * (1 + 1e-6))
      refusePackage('it holds a column that no standardised table can hold');
    const opened: DataPackage = Object.freeze({
      digest,
      templateDigest: digestOfTemplate,
      subset,
      rows,
      features,
      ...(batch && { batch: packageBatch(batch) }),
    });
    const { openedFor, moments } = this.#sums;
    const isPrivate = header.content !== undefined;
    contents.set(opened, {
      openedFor,
      moments: isPrivate ? this.#released : moments.moments(),
      shardSecret,
      pairSeeds,
      totalRows,
      isPrivate,
    });
    return opened;
  }
}

function packageBatch({
  first,
  rows,
  leastRows,
}: NonNullable<WholePackage['header']['batch']>): PackageBatch {
  return Object.freeze({
    subsets: Object.freeze(rows.map((_, place) => first + place)),
    rows: rows.reduce((sum, count) => sum + count, 0),
    leastRows,
  });
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
