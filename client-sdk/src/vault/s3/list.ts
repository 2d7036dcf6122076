import { ListObjectsV2Command, type ListObjectsV2CommandOutput, type _Object } from '@aws-sdk/client-s3';
import { invalidAnswer } from './answer.js';
import type { S3Connection } from './connection.js';
import { handleOf } from './objectKey.js';

export interface ListOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface ListedObject {
  readonly handle: string;
  readonly sizeBytes: number;
  /** When it was stored, in milliseconds of the epoch, by the vault's clock. */
  readonly modifiedAt: number;
}

const pageSize = 1000;

/** A million objects: a member’s place holds thousands. */
const maxPages = 1000;

/**
 * Page after page; what lies in the bucket under a key of no handle is left out.
 *
 * @throws VAULT_ANSWER_INVALID where the pages do not end
 */
export async function* listObjects(
  connection: S3Connection,
  prefix: string,
  { signal }: ListOptions,
): AsyncGenerator<ListedObject> {
  const seen = new Set<string>();
  for (let token: string | undefined = ''; token !== undefined;) {
    if (seen.has(token) || seen.size === maxPages)
      throw invalidAnswer('The vault’s list does not end.', { pages: seen.size });
    seen.add(token);
    const page = await pageOf(connection, { Prefix: prefix, ContinuationToken: token || undefined }, signal);
    for (const object of page.Contents ?? []) {
      const listed = listedOf(object, prefix);
      if (listed !== undefined) yield listed;
    }
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  }
}

async function pageOf(
  connection: S3Connection,
  from: { Prefix: string; ContinuationToken: string | undefined },
  signal: AbortSignal | undefined,
): Promise<ListObjectsV2CommandOutput> {
  const asked = new ListObjectsV2Command({ Bucket: connection.bucket, MaxKeys: pageSize, ...from });
  const page = await connection.call((client, http) => client.send(asked, http), { purpose: 'list', signal });
  if ((page.Contents ?? []).length <= pageSize) return page;
  throw invalidAnswer('The vault lists more at once than it was asked for.', { pageSize });
}

function listedOf({ Key, Size = 0, LastModified }: _Object, prefix: string): ListedObject | undefined {
  const handle = Key?.startsWith(prefix) === true ? handleOf(Key) : undefined;
  return handle === undefined
    ? undefined
    : { handle, sizeBytes: Size, modifiedAt: LastModified?.getTime() ?? 0 };
}
