import { sdkError } from '../errors/veritrainError.js';

interface Stream {
  close(): void;
}

/** The streams of one connection, which end with it: closing the channel alone would leave them open. */
export class OpenStreams {
  readonly #open = new Set<Stream>();
  #ended = false;

  add(stream: Stream): void {
    if (this.#ended) stream.close();
    else this.#open.add(stream);
  }

  /** Closes one that its reader is done with. */
  close(stream: Stream): void {
    this.#open.delete(stream);
    stream.close();
  }

  end(): void {
    this.#ended = true;
    for (const stream of this.#open) this.close(stream);
  }

  /** @throws ABORTED once the connection was closed. */
  check(): void {
    if (this.#ended) throw sdkError('VT8005', 'The connection was closed.');
  }
}
