import { createHash } from 'node:crypto';
import { readHead, refusePackage, type PackageHead } from './packageHead.js';
import { BLOCK_ROWS, type RowVisitor } from './rowBlock.js';
import { momentCount, momentsFrom } from './secondMoments.js';
import { templateDigest, type Template } from './template.js';

/** A package that was read to its end and is whole. */
export interface WholePackage extends PackageHead {
  /** `sha256:…` of all its bytes. */
  readonly digest: string;
}

/**
 * Reads a package piece by piece, however it is cut: its form, its header, its length to the byte, and every number are
 * checked. Holds one block of rows and one piece at a time, whatever the number of rows.
 */
export class PackageReader {
  readonly #visitor: RowVisitor;
  readonly #hash = createHash('sha256');
  #pending: Uint8Array = new Uint8Array(0);
  #block = new Float64Array(0);
  #head: PackageHead | undefined;
  #rowsLeft = 0;
  #bytes = 0;

  constructor(visitor: RowVisitor) {
    this.#visitor = visitor;
  }

  /** Rows that went by, and of how many. */
  get rows(): { readonly done: number; readonly of: number } {
    const of = this.#head?.header.rows ?? 0;
    return { done: of - this.#rowsLeft, of };
  }

  /** The next bytes. @throws TrainingError VT7202 */
  push(piece: Uint8Array): void {
    this.#hash.update(piece);
    this.#bytes += piece.length;
    let rest = this.#pending.length === 0 ? piece : Buffer.concat([this.#pending, piece]);
    if (this.#head === undefined) rest = this.#readHead(rest);
    if (this.#head !== undefined)
      rest =
        this.#head.header.content === undefined
          ? this.#readRows(rest, this.#head)
          : this.#readMoments(rest, this.#head);
    // A copy: whoever gave the piece may use its memory again.
    this.#pending = Uint8Array.from(rest);
  }

  /** No more bytes. @throws TrainingError VT7202 */
  end(): WholePackage {
    const head = this.#head;
    if (head === undefined) return refusePackage('it ends within its header', { bytes: this.#bytes });
    if (this.#rowsLeft > 0) refusePackage('it ends too early', this.#lengths(head));
    return { ...head, digest: `sha256:${this.#hash.digest('hex')}` };
  }

  #readHead(bytes: Uint8Array): Uint8Array {
    const head = readHead(bytes);
    if (head === undefined) return bytes;
    const { rows, features } = head.header;
    this.#head = head;
    this.#rowsLeft = rows;
    if (head.header.content === undefined)
      this.#block = new Float64Array(Math.min(rows, BLOCK_ROWS) * (features + 1));
    else if (this.#visitor.moments === undefined) refusePackage('it holds moments with noise, and no row');
    this.#visitor.begin(features);
    return bytes.subarray(head.bytes);
  }

  #readRows(bytes: Uint8Array, head: PackageHead): Uint8Array {
    const width = head.header.features + 1;
    let rest = bytes;
    for (;;) {
      const rows = Math.min(BLOCK_ROWS, this.#rowsLeft, Math.floor(rest.length / (8 * width)));
      if (rows === 0) break;
      const cells = this.#block.subarray(0, rows * width);
      // No value of n lies further than √(n − 1) standard deviations from their mean.
      readDoubles(rest, cells, Math.sqrt(head.header.totalRows));
      this.#visitor.rows({ rows, cells });
      this.#rowsLeft -= rows;
      rest = rest.subarray(8 * cells.length);
    }
    if (this.#rowsLeft === 0 && rest.length > 0) refusePackage('it has bytes too many', this.#lengths(head));
    return rest;
  }

  /** They are few: all of them are awaited. */
  #readMoments(bytes: Uint8Array, head: PackageHead): Uint8Array {
    const { features, rows, totalRows } = head.header;
    const length = 8 * momentCount(features);
    if (bytes.length < length || this.#rowsLeft === 0) {
      if (this.#rowsLeft === 0 && bytes.length > 0)
        refusePackage('it has bytes too many', this.#lengths(head));
      return bytes;
    }
    const list = new Float64Array(momentCount(features));
    // No moment of a standardised subset is larger.
    readDoubles(bytes, list, totalRows / rows);
    this.#visitor.moments?.(momentsFrom(list, features));
    this.#rowsLeft = 0;
    return this.#readMoments(bytes.subarray(length), head);
  }

  #lengths({ bytes, header }: PackageHead): { bytes: number; expected: number } {
    const { content, rows, features } = header;
    const numbers = content === undefined ? rows * (features + 1) : momentCount(features);
    return { bytes: this.#bytes, expected: bytes + 8 * numbers };
  }
}

function readDoubles(bytes: Uint8Array, into: Float64Array, most: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  // A little more for rounding.
  const bound = most * (1 + 1e-6);
  for (let index = 0; index < into.length; index++) {
    const value = view.getFloat64(8 * index, true);
    if (!(Math.abs(value) <= bound) || Object.is(value, -0))
      refusePackage('it holds a number that no standardised table can hold');
    into[index] = value;
  }
}

/**
 * Hands the rows of some subsets' packages to a visitor, one after the other.
 * @param group the subsets, by index
 * @param pieces a subset's package, as a stream
 * @throws TrainingError VT7202, also for another dataset's or subset's package; whatever the stream throws
 */
export async function readPackageRows(
  template: Template,
  group: readonly number[],
  pieces: (subset: number) => AsyncIterable<Uint8Array>,
  visitor: RowVisitor,
): Promise<void> {
  visitor.begin(template.features);
  const rows: RowVisitor = {
    begin: (features) => {
      if (features !== template.features) refusePackage('it belongs to another dataset or subset');
    },
    rows: (block) => visitor.rows(block),
  };
  for (const subset of group) await readOne({ template, subset }, pieces(subset), rows);
}

async function readOne(
  { template, subset }: { readonly template: Template; readonly subset: number },
  pieces: AsyncIterable<Uint8Array>,
  visitor: RowVisitor,
): Promise<void> {
  const reader = new PackageReader(visitor);
  for await (const piece of pieces) reader.push(piece);
  const { header } = reader.end();
  if (header.templateDigest !== templateDigest(template) || header.subset !== subset)
    refusePackage('it belongs to another dataset or subset', { subset });
}
