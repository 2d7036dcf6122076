import type { DataPackage } from '../data/package.js';
import { refusePackage } from '../data/packageHead.js';
import { PackageReader, type WholePackage } from '../data/packageReader.js';
import type { RowBlock, RowVisitor } from '../data/rowBlock.js';
import { TrainingError } from '../errors.js';
import type { MomentSums } from '../models/family.js';
import { familyOf, type FamilyName } from '../models/registry.js';
import { at } from '../numbers.js';

/** What only this package's own code sees of a {@link DataPackage}. */
interface PackageContent {
  readonly family: string;
  /** The family's, of all rows. */
  readonly moments: unknown;
  readonly shardSecret: Uint8Array;
  /** Of the whole table. */
  readonly totalRows: number;
}

// Kept beside the package, not in it: printing or serialising a DataPackage shows no moment of rows and no secret.
const contents = new WeakMap<DataPackage, PackageContent>();

/** How a package is opened. */
export interface OpenOptions {
  /** Of the programs that will train on it: the sums that it needs are made while the rows go by. `linear` if absent. */
  readonly family?: FamilyName | undefined;
}

/**
 * Reads and checks a package that lies in memory: its form, its header, its length to the byte, and every number.
 * @throws TrainingError VT7202
 */
export function openPackage(bytes: Uint8Array, options: OpenOptions = {}): DataPackage {
  const opening = new Opening(options);
  opening.reader.push(bytes);
  return opening.end();
}

/**
 * The same from a stream, with memory that does not depend on the number of rows. However the stream is cut, the package
 * that comes out is the same to the last bit.
 * @param digest what all bytes must hash to, `sha256:…`; anything else is refused once they were read
 * @throws TrainingError VT7202; whatever the stream throws
 */
export async function readPackage(
  pieces: AsyncIterable<Uint8Array>,
  { digest, ...options }: OpenOptions & { digest?: string } = {},
): Promise<DataPackage> {
  const opening = new Opening(options);
  for await (const piece of pieces) opening.reader.push(piece);
  return opening.end(digest);
}

/** What is kept of a package that was opened here. @throws TrainingError VT7501 */
export function packageContent(opened: DataPackage): PackageContent {
  const content = contents.get(opened);
  if (content === undefined) throw new TrainingError('VT7501', 'the package does not come from openPackage');
  return content;
}

/** The moments that a family needs of a package that was opened for it. @throws TrainingError VT7501 */
export function momentsOf(opened: DataPackage, family: string): unknown {
  const { family: openedFor, moments } = packageContent(opened);
  if (openedFor === family) return moments;
  throw new TrainingError('VT7501', `the package was opened for ${openedFor} models`, { family, openedFor });
}

/** A package on its way in. */
class Opening {
  readonly reader: PackageReader;
  readonly #family: FamilyName;
  readonly #sums: MomentSums<unknown>;
  readonly #squares = new ColumnSquares();

  constructor({ family = 'linear' }: OpenOptions) {
    this.#family = family;
    this.#sums = familyOf(family).sums();
    const visitors: RowVisitor[] = [this.#squares, this.#sums];
    this.reader = new PackageReader({
      begin: (features) => {
        for (const visitor of visitors) visitor.begin(features);
      },
      rows: (block) => {
        for (const visitor of visitors) visitor.rows(block);
      },
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

  #keep({ digest, header, shardSecret }: WholePackage): DataPackage {
    const { subset, rows, totalRows, features, templateDigest } = header;
    // Standardised columns have squares that sum to the table's rows; a little more for rounding.
    if (this.#squares.largest() > totalRows * (1 + 1e-6))
      refusePackage('it holds a column that no standardised table can hold');
    const opened: DataPackage = Object.freeze({ digest, templateDigest, subset, rows, features });
    contents.set(opened, { family: this.#family, moments: this.#sums.moments(), shardSecret, totalRows });
    return opened;
  }
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
      for (let column = 0; column < sums.length; column++)
        sums[column] = at(sums, column) + at(cells, start + column) ** 2;
    }
  }

  largest(): number {
    return this.#sums.reduce((most, sum) => Math.max(most, sum), 0);
  }
}
