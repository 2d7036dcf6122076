import { createWriteStream, type WriteStream } from 'node:fs';
import type { VeritrainError } from '@veritrain/client-sdk';
import { systemErrorOf } from '@veritrain/member/errors';
import { naming } from '@veritrain/member/home';

/** The file that a process's own words go to. */
export class LogFile {
  private readonly stream: WriteStream;

  /** @param onLost called once, where the file cannot be written: what writes beside it finds no room either */
  constructor(path: string, onLost: (error: VeritrainError) => void) {
    this.stream = createWriteStream(path, { flags: 'a' });
    this.stream.once('error', (error) => {
      const failure = systemErrorOf(naming(error, path));
      if (failure !== undefined) onLost(failure);
    });
  }

  write(line: string): void {
    // What a process wrote last may come after its end.
    if (this.stream.writable) this.stream.write(`${line}\n`);
  }

  /** Resolves when all is written, or nothing more can be. */
  end(): Promise<void> {
    return new Promise((resolve) => {
      if (this.stream.closed) resolve();
      else this.stream.once('close', resolve).end();
    });
  }
}
