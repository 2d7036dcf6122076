import { availableParallelism } from 'node:os';
import type { DataPackage } from '../data/package.js';
import { readHead, type PackageHead } from '../data/packageHead.js';
import { TrainingError } from '../errors.js';
import { needsSecondMomentsAlone, refuseProgram } from '../privacy/serves.js';
import { Pace, type WorkOptions } from '../work.js';
import {
  isLong,
  momentsName,
  Opening,
  type Opened,
  type OpenOptions,
  type PackageContent,
  type ProgramPart,
} from './opening.js';
import { PackageThread } from './packageThread.js';

// Kept beside the package, not in it: printing or serialising a DataPackage shows no moment of rows and no secret.
const contents = new WeakMap<DataPackage, PackageContent>();

/**
 * Reads and checks a package that lies in memory: its form, its header, its length to the byte, and every number.
 * @throws TrainingError VT7202; VT7302 where the program does not fit the columns; VT7501 where it lacks its template
 */
export function openPackage(bytes: Uint8Array, options: OpenOptions = {}): DataPackage {
  const opening = new Opening(options);
  opening.reader.push(bytes);
  return keep(opening.end());
}

/** How a package is read from a stream. */
export interface ReadOptions extends OpenOptions, WorkOptions {
  /** What all bytes must hash to, `sha256:…`; anything else is refused once they were read. */
  readonly digest?: string | undefined;
  /**
   * Most threads of this process that read packages beside its own, 0 for none. A package takes one where reading it takes
   * seconds. Default: the cores there are.
   */
  readonly workers?: number | undefined;
}

/** Bytes that are summed up at a time: 32 rows of the widest package, a tenth of a second of the costliest map. */
const BYTES_AT_ONCE = 2 ** 18;

/**
 * The same from a stream, with memory that does not depend on the number of rows. However the stream is cut, and whichever thread reads
 * it, the package that comes out is the same to the last bit. It says where it stands, in rows, and can be stopped.
 * @throws as {@link openPackage}; VT7511; whatever the stream throws
 */
export function readPackage(
  pieces: AsyncIterable<Uint8Array>,
  options: ReadOptions = {},
): Promise<DataPackage> {
  return readPackageBy(pieces, options, (head) => isLong(head, options));
}

/** The same with another judgement of what is worth a thread. */
export async function readPackageBy(
  pieces: AsyncIterable<Uint8Array>,
  { digest, signal, onProgress, workers = availableParallelism(), ...options }: ReadOptions,
  worthThread: (head: PackageHead) => boolean,
): Promise<DataPackage> {
  const pace = new Pace({ signal, onProgress });
  const start = async (head: PackageHead): Promise<PackageThread | undefined> =>
    workers > 0 && worthThread(head) ? PackageThread.start(options, { workers, signal }) : undefined;
  const reading = new Reading(new Opening(options), start);
  try {
    for await (const part of partsOf(pieces)) {
      await reading.push(part);
      await pace.next({ phase: 'readPackage', ...reading.rows, unit: 'rows' });
    }
    return keep(await reading.end(digest));
  } finally {
    reading.stop();
  }
}

/** A package that this thread reads, or another one: its head decides, before any of its rows is summed up. */
class Reading {
  #thread: PackageThread | undefined;
  /** What was read of the head; undefined once it was read. */
  #begun: Uint8Array | undefined = new Uint8Array(0);

  constructor(
    readonly opening: Opening,
    readonly start: (head: PackageHead) => Promise<PackageThread | undefined>,
  ) {}

  get rows(): { readonly done: number; readonly of: number } {
    return this.#thread?.rows ?? this.opening.reader.rows;
  }

  async push(part: Uint8Array): Promise<void> {
    if (this.#begun === undefined) return this.#pass(part);
    this.#begun = Uint8Array.from(Buffer.concat([this.#begun, part]));
    const head = readHead(this.#begun);
    if (head === undefined) return;
    const begun = this.#begun;
    this.#begun = undefined;
    this.#thread = await this.start(head);
    await this.#pass(begun);
  }

  async end(digest: string | undefined): Promise<Opened> {
    if (this.#begun !== undefined) this.opening.reader.push(this.#begun);
    return this.#thread === undefined ? this.opening.end(digest) : this.#thread.end(digest);
  }

  stop(): void {
    this.#thread?.stop();
  }

  async #pass(part: Uint8Array): Promise<void> {
    if (this.#thread === undefined) this.opening.reader.push(part);
    // A copy: whoever gave the piece may use its memory again.
    else await this.#thread.push(Uint8Array.from(part));
  }
}

async function* partsOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces)
    for (let first = 0; first < piece.length; first += BYTES_AT_ONCE)
      yield piece.subarray(first, first + BYTES_AT_ONCE);
}

function keep({ opened, content }: Opened): DataPackage {
  if (opened.batch !== undefined) Object.freeze(Object.freeze(opened.batch).subsets);
  contents.set(opened, content);
  return Object.freeze(opened);
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
