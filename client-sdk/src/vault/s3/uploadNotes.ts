import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readTextIfAny, writeFileAtomic } from '../../storage/files.js';

/**
 * Remembers in a folder which upload of an object is under way. Servers show uploads only to those who may list
 * everybody's, and a member of a market may not.
 */
export class UploadNotes {
  constructor(private readonly folder: string) {}

  /** Losing a note costs an upload from its start. */
  read(handle: string): string | undefined {
    try {
      const text = readTextIfAny(this.#path(handle));
      return text === '' ? undefined : text;
    } catch {
      return undefined;
    }
  }

  write(handle: string, uploadId: string): Promise<void> {
    return writeFileAtomic(this.#path(handle), Buffer.from(uploadId));
  }

  forget(handle: string): Promise<void> {
    return rm(this.#path(handle), { force: true });
  }

  #path(handle: string): string {
    return join(this.folder, `${handle}.upload`);
  }
}
