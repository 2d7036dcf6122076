import type { S3Client, S3Connection } from './connection.js';
import { failureOf, passing } from './failure.js';
import { keyOf } from './objectKey.js';
import { type StoredPart, listParts } from './partList.js';
import { S3Refusal } from './refusal.js';

/** An upload in parts under way. */
export interface Upload {
  readonly uploadId: string;
  /** Parts that the server holds already, by number. */
  readonly arrived: ReadonlyMap<number, StoredPart>;
}

interface UploadedObject {
  readonly handle: string;
  readonly signal: AbortSignal | undefined;
}

/** Begins an upload, or goes on with the latest one of the same object that was interrupted. */
export async function beginUpload(
  connection: S3Connection,
  { mayResume, ...object }: UploadedObject & { readonly mayResume: boolean },
): Promise<Upload> {
  const interrupted = mayResume ? await latestUpload(connection, object) : undefined;
  if (interrupted !== undefined) return interrupted;
  const uploadId = await connection.call(
    (client) => client.initiateNewMultipartUpload(connection.bucket, keyOf(object.handle), {}),
    { ...object, purpose: 'write' },
  );
  if (mayResume) await connection.uploadNotes?.write(object.handle, uploadId);
  return { uploadId, arrived: new Map() };
}

async function latestUpload(connection: S3Connection, object: UploadedObject): Promise<Upload | undefined> {
  const noted = connection.uploadNotes?.read(object.handle);
  const uploadId = noted ?? (await uploadsOf(connection, object))[0];
  if (uploadId === undefined) return undefined;
  const parts = await partsOf(connection, object, uploadId);
  return parts && { uploadId, arrived: new Map(parts.map((part) => [part.part, part])) };
}

/** Whether the server holds the very parts that were sent; false where it does not tell. */
export async function holdsParts(
  connection: S3Connection,
  object: UploadedObject,
  { uploadId, etags }: { readonly uploadId: string; readonly etags: readonly string[] },
): Promise<boolean> {
  const parts = (await partsOf(connection, object, uploadId)) ?? [];
  const held = new Map(parts.map(({ part, etag }) => [part, etag]));
  return etags.every((etag, index) => held.get(index + 1) === etag);
}

function partsOf(
  connection: S3Connection,
  object: UploadedObject,
  uploadId: string,
): Promise<StoredPart[] | undefined> {
  return ifAllowed(connection, object, (client) =>
    listParts(client, connection.bucket, { key: keyOf(object.handle), uploadId }),
  );
}

/** Ids of the uploads of one object that are under way or were given up, latest first; none where listing is denied. */
export async function uploadsOf(connection: S3Connection, object: UploadedObject): Promise<string[]> {
  const key = keyOf(object.handle);
  const listed = await ifAllowed(connection, object, (client) =>
    client.listIncompleteUploadsQuery(connection.bucket, key, '', '', ''),
  );
  return (listed?.uploads ?? [])
    .filter((upload) => upload.key === key)
    .sort((one, other) => other.initiated.getTime() - one.initiated.getTime())
    .map(({ uploadId }) => uploadId);
}

/** Looking for interrupted uploads saves work, and is no more than that: where it is denied, an upload starts anew. */
async function ifAllowed<T>(
  connection: S3Connection,
  { handle, signal }: UploadedObject,
  work: (client: S3Client) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await connection.attempt(work, signal);
  } catch (error) {
    if (error instanceof S3Refusal && passing(error) === undefined) return undefined;
    throw failureOf(error, connection.place, { purpose: 'list', handle, signal });
  }
}

/** Ends uploads that nobody will go on with. What is left of them is for the bucket's own rules. */
export async function dropUploads(
  connection: S3Connection,
  handle: string,
  uploadIds: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  await Promise.allSettled(
    uploadIds.map((uploadId) =>
      connection.once(
        (client) =>
          client.abortMultipartUpload(connection.bucket, keyOf(handle), encodeURIComponent(uploadId)),
        signal,
      ),
    ),
  );
}
