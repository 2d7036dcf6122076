import { createWriteStream, type WriteStream } from 'node:fs';
import type { VeritrainError } from '@veritrain/client-sdk';
import { systemErrorOf } from '@veritrain/member/errors';
import { naming } from '@veritrain/member/home';

/** The log file of a process. */
export class LogFile {
  private readonly stream: WriteStream;

  /** @param onLost called once when the file cannot be written: a full disk has no room for other files either */
  constructor(path: string, onLost: (error: VeritrainError) => void) {
    this.stream = createWriteStream(path, { flags: 'a' });
    this.stream.once('error', (error) => {
      const failure = systemErrorOf(naming(error, path));
      if (failure !== undefined) onLost(failure);
    });
  }

  write(line: string): void {
    // The last lines of a process may come after its end.
    if (this.stream.writable) this.stream.write(`${line}\n`);
  }

  /** Resolves when all is written, or nothing more can be written. */
  end(): Promise<void> {
    return new Promise((resolve) => {
      if (this.stream.closed) resolve();
      else this.stream.once('close', resolve).end();
    });
  }
}
