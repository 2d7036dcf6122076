import { invalidAnswer } from './answer.js';
import type { S3Client, S3Connection } from './connection.js';
import { handleOf } from './objectKey.js';

/** How to list. */
export interface ListOptions {
  /** Stops waiting; the call then fails with ABORTED. */
  readonly signal?: AbortSignal | undefined;
}

/** An object of the vault. */
export interface ListedObject {
  /** Its name in the vault. */
  readonly handle: string;
  /** Its size, as it is stored. */
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
    const { objects, isTruncated, nextContinuationToken } = await pageOf(connection, prefix, token, signal);
    for (const object of objects) {
      const listed = listedOf(object, prefix);
      if (listed !== undefined) yield listed;
    }
    token = isTruncated ? nextContinuationToken : undefined;
  }
}

type Page = Awaited<ReturnType<S3Client['listObjectsV2Query']>>;

async function pageOf(
  connection: S3Connection,
  prefix: string,
  token: string,
  signal: AbortSignal | undefined,
): Promise<Page> {
  const page = await connection.call(
    (client) => client.listObjectsV2Query(connection.bucket, prefix, token, '', pageSize, ''),
    { purpose: 'list', signal },
  );
  if (page.objects.length <= pageSize) return page;
  throw invalidAnswer('The vault lists more at once than it was asked for.', { pageSize });
}

function listedOf(
  { name, size, lastModified }: Page['objects'][number],
  prefix: string,
): ListedObject | undefined {
  const handle = name?.startsWith(prefix) === true ? handleOf(name) : undefined;
  return handle === undefined
    ? undefined
    : { handle, sizeBytes: size, modifiedAt: lastModified?.getTime() ?? 0 };
}
