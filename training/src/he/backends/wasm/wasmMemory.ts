import type { Factor, Polynomial } from '../../ring/backend.js';
import type { Kernel } from './kernel.js';

interface Block {
  readonly pointer: number;
  readonly bytes: number;
}

const PAGE_BYTES = 65536;
/** Memory grows by a quarter of itself at least: to grow by each of 1,353 plaintexts took three quarters of the time to encode them. */
const GROWTH = 1 / 4;

/** Memory of one kernel. The compiled code keeps nothing there, so all of it is ours. Blocks are reused by size. */
export class WasmMemory {
  readonly #kernel: Kernel;
  readonly #free = new Map<number, Block[]>();
  /** Handles that nobody released before they were collected. */
  readonly #collected = new FinalizationRegistry<Block>((block) => this.#giveBack(block));
  #end = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Memory that is never given back. */
  reserve(bytes: number): number {
    const pointer = this.#end;
    this.#end += bytes;
    const present = this.#kernel.memory.buffer.byteLength;
    const missing = this.#end - present;
    if (missing > 0) this.#grow(missing, Math.max(missing, GROWTH * present));
    return pointer;
  }

  /** Pages that nothing was written to cost no memory. Where so much is not to be had, what is missing may be. */
  #grow(missing: number, wanted: number): void {
    const { memory } = this.#kernel;
    const pages = (bytes: number): number => Math.ceil(bytes / PAGE_BYTES);
    try {
      memory.grow(pages(wanted));
    } catch {
      memory.grow(pages(missing));
    }
  }

  /** A handle on `bytes` of memory, with whatever is in it. */
  allocate<Kind extends 'polynomial' | 'factor'>(
    kind: Kind,
    length: number,
    bytes: number,
  ): WasmHandle<Kind> {
    const block = this.#free.get(bytes)?.pop() ?? { pointer: this.reserve(bytes), bytes };
    const handle = new WasmHandle(this, kind, length, block.pointer, () => {
      this.#collected.unregister(handle);
      this.#giveBack(block);
    });
    this.#collected.register(handle, block, handle);
    return handle;
  }

  /** A handle of this memory. @throws RangeError where it is of another one, or released */
  handleOf<Kind extends 'polynomial' | 'factor'>(kind: Kind, handle: Polynomial | Factor): WasmHandle<Kind> {
    if (handle instanceof WasmHandle && handle.isIn(this, kind)) return handle as WasmHandle<Kind>;
    throw new RangeError(`no ${kind} of this ring: another backend's, or a released one`);
  }

  bytesAt(pointer: number, count: number): Uint8Array {
    return new Uint8Array(this.#kernel.memory.buffer, pointer, count);
  }

  residuesAt(pointer: number, count: number): BigUint64Array<ArrayBuffer> {
    return new BigUint64Array(this.#kernel.memory.buffer, pointer, count);
  }

  #giveBack(block: Block): void {
    const blocks = this.#free.get(block.bytes);
    if (blocks === undefined) this.#free.set(block.bytes, [block]);
    else blocks.push(block);
  }
}

/** Residues in a kernel's memory. */
export class WasmHandle<Kind extends 'polynomial' | 'factor'> {
  #isReleased = false;
  readonly #memory: WasmMemory;
  readonly #giveBack: () => void;

  constructor(
    memory: WasmMemory,
    readonly kind: Kind,
    readonly length: number,
    readonly pointer: number,
    giveBack: () => void,
  ) {
    this.#memory = memory;
    this.#giveBack = giveBack;
  }

  isIn(memory: WasmMemory, kind: string): boolean {
    return !this.#isReleased && this.#memory === memory && this.kind === kind;
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#giveBack();
  }
}
