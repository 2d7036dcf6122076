import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type Part,
  type S3Client,
} from '@aws-sdk/client-s3';
import { invalidAnswer } from './answer.js';
import type { HttpOptions, S3Connection } from './connection.js';
import { failureOf, passing } from './failure.js';
import { keyOf } from './objectKey.js';
import { mostParts } from './parts.js';
import { S3Refusal } from './refusal.js';

/** An upload in parts under way. */
export interface Upload {
  readonly uploadId: string;
  /** Parts that the server holds already, by number. */
  readonly arrived: ReadonlyMap<number | undefined, StoredPart>;
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
  const asked = { Bucket: connection.bucket, Key: keyOf(object.handle) };
  const { UploadId: uploadId = '' } = await connection.call(
    (client, http) => client.send(new CreateMultipartUploadCommand(asked), http),
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
  const asked = { Bucket: connection.bucket, Key: keyOf(object.handle), UploadId: uploadId };
  return ifAllowed(connection, object, async (client, http) => {
    const parts: StoredPart[] = [];
    for (let [marker, pages] = ['0', 1]; ; pages += 1) {
      const page = await client.send(new ListPartsCommand({ ...asked, PartNumberMarker: marker }), http);
      parts.push(...(page.Parts ?? []).map(storedPart));
      if (page.IsTruncated !== true) return parts;
      const next = page.NextPartNumberMarker ?? '';
      if (!(Number(next) > Number(marker)) || pages === maxPages || parts.length > mostParts)
        throw invalidAnswer('The vault’s list of parts does not end.', { pages });
      marker = next;
    }
  });
}

/** A page has 1,000 parts. */
const maxPages = 100;

/** A part of an upload that the server holds. */
interface StoredPart {
  readonly part: number | undefined;
  readonly size: number | undefined;
  /** In hex, without quotes. */
  readonly etag: string;
}

const storedPart = ({ PartNumber, Size, ETag }: Part): StoredPart => ({
  part: PartNumber,
  size: Size,
  etag: bareETag(ETag),
});

export const bareETag = (etag = ''): string => etag.replaceAll('"', '');

/** Ids of the uploads of one object that are under way or were given up, latest first; none where listing is denied. */
export async function uploadsOf(connection: S3Connection, object: UploadedObject): Promise<string[]> {
  const key = keyOf(object.handle);
  const asked = { Bucket: connection.bucket, Prefix: key };
  const listed = await ifAllowed(connection, object, (client, http) =>
    client.send(new ListMultipartUploadsCommand(asked), http),
  );
  return (listed?.Uploads ?? [])
    .filter((upload) => upload.Key === key)
    .sort((one, other) => Number(other.Initiated) - Number(one.Initiated))
    .flatMap(({ UploadId }) => UploadId ?? []);
}

/** Looking for interrupted uploads saves work, and is no more than that: where it is denied, an upload starts anew. */
async function ifAllowed<T>(
  connection: S3Connection,
  { handle, signal }: UploadedObject,
  work: (client: S3Client, http: HttpOptions) => Promise<T>,
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
  const asked = { Bucket: connection.bucket, Key: keyOf(handle) };
  await Promise.allSettled(
    uploadIds.map((UploadId) =>
      connection.once(
        (client, http) => client.send(new AbortMultipartUploadCommand({ ...asked, UploadId }), http),
        signal,
      ),
    ),
  );
}
