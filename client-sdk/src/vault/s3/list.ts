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

/** Page after page; what lies in the bucket under a key of no handle is left out. */
export async function* listObjects(
  connection: S3Connection,
  prefix: string,
  { signal }: ListOptions,
): AsyncGenerator<ListedObject> {
  for (let token: string | undefined = ''; token !== undefined;) {
    const page = await connection.call(
      (client) => client.listObjectsV2Query(connection.bucket, prefix, token ?? '', '', pageSize, ''),
      { purpose: 'list', signal },
    );
    for (const { name = '', size = 0, lastModified } of page.objects) {
      const handle = handleOf(name);
      if (handle !== undefined) yield { handle, sizeBytes: size, modifiedAt: lastModified?.getTime() ?? 0 };
    }
    token = page.isTruncated ? page.nextContinuationToken : undefined;
  }
}
