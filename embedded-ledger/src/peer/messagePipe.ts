import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';

interface Message {
  serializeBinary(): Uint8Array;
}

interface Events<M> {
  data: [message: M];
  end: [];
}

/** A message is its length in this many bytes, big-endian, and its bytes. */
const HEAD_BYTES = 4;

export interface MessagePipeOptions<M> {
  readonly parse: (bytes: Uint8Array) => M;
  /** A larger message from the other end ends the pipe. */
  readonly maxBytes: number;
}

/**
 * Messages over a pipe between a ledger and the contract's process that it started. It has what both sides use of a
 * gRPC stream, and costs less than one: no HTTP/2, no TLS. Whatever ends it, a fault included, is its `end`.
 */
export class MessagePipe<M extends Message> extends EventEmitter<Events<M>> {
  /** What came of messages that are not whole yet. */
  private chunks: Buffer[] = [];
  private held = 0;
  /** Bytes to hold before the next message can be whole. */
  private wanted = HEAD_BYTES;

  constructor(
    private readonly pipe: Duplex,
    private readonly options: MessagePipeOptions<M>,
  ) {
    super();
    // The other process may end at any moment. `close` follows.
    pipe.on('error', () => undefined);
    pipe.once('close', () => this.emit('end'));
    pipe.on('data', (chunk: Buffer) => {
      this.receive(chunk);
    });
  }

  write(message: Message): void {
    const bytes = message.serializeBinary();
    const frame = Buffer.allocUnsafe(HEAD_BYTES + bytes.length);
    frame.writeUInt32BE(bytes.length);
    frame.set(bytes, HEAD_BYTES);
    if (this.pipe.writable) this.pipe.write(frame);
  }

  end(): void {
    this.pipe.end();
  }

  private receive(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.held += chunk.length;
    if (this.held < this.wanted) return;
    let messages: M[];
    try {
      messages = this.takeWhole(this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks));
    } catch (error) {
      this.pipe.destroy(error as Error);
      return;
    }
    for (const message of messages) this.emit('data', message);
  }

  private takeWhole(bytes: Buffer): M[] {
    const messages: M[] = [];
    let rest = bytes;
    while (rest.length >= (this.wanted = this.frameBytes(rest))) {
      messages.push(this.options.parse(rest.subarray(HEAD_BYTES, this.wanted)));
      rest = rest.subarray(this.wanted);
    }
    this.chunks = rest.length === 0 ? [] : [rest];
    this.held = rest.length;
    return messages;
  }

  private frameBytes(rest: Buffer): number {
    if (rest.length < HEAD_BYTES) return HEAD_BYTES;
    const bytes = rest.readUInt32BE();
    if (bytes > this.options.maxBytes) throw new Error(`a message of ${String(bytes)} bytes is too large`);
    return HEAD_BYTES + bytes;
  }
}
