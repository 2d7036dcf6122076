import { readFileSync, renameSync } from 'node:fs';
import { z } from 'zod';
import { writeAtomically } from './ownFiles.js';

/** One JSON document on disk. A schema checks it on reading. */
export class StateFile<T> {
  constructor(
    /** Where the file is, or will be. */
    readonly path: string,
    private readonly schema: z.ZodType<T>,
  ) {}

  /** The document, or undefined if it does not exist yet. @throws SyntaxError, ZodError for a damaged file */
  read(): T | undefined {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    return this.schema.parse(JSON.parse(text));
  }

  /**
   * The same for a document that can be computed again: renames a damaged file.
   * @param onDamaged called with the new name and the reason
   */
  readUndamaged(onDamaged: (keptAs: string, cause: unknown) => void): T | undefined {
    try {
      return this.read();
    } catch (cause) {
      if (!(cause instanceof SyntaxError) && !(cause instanceof z.ZodError)) throw cause;
      const keptAs = `${this.path}.damaged`;
      renameSync(this.path, keptAs);
      onDamaged(keptAs, cause);
      return undefined;
    }
  }

  /** Replaces the document atomically: a reader finds the old one or the new one, also after a crash. */
  write(value: T): void {
    writeAtomically(this.path, JSON.stringify(value));
  }
}
