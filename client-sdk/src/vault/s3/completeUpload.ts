import type { S3Client } from './connection.js';
import { text } from 'node:stream/consumers';
import { refusalOf } from './refusal.js';

/**
 * Makes an object of its parts. The library's own call takes no condition, and loses the code of an error that comes
 * after the status: servers begin to answer while they still work.
 *
 * @throws S3Refusal
 */
export async function completeUpload(
  client: S3Client,
  bucket: string,
  {
    key,
    uploadId,
    etags,
    condition,
  }: {
    readonly key: string;
    readonly uploadId: string;
    /** Of parts 1, 2, … */
    readonly etags: readonly string[];
    readonly condition: Record<string, string>;
  },
): Promise<void> {
  const parts = etags.map(
    (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>"${escaped(etag)}"</ETag></Part>`,
  );
  const response = await client.makeRequestAsync(
    {
      method: 'POST',
      bucketName: bucket,
      objectName: key,
      query: `uploadId=${encodeURIComponent(uploadId)}`,
      headers: condition,
    },
    `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join('')}</CompleteMultipartUpload>`,
  );
  const xml = await text(response);
  if (xml.includes('<Error>')) throw refusalOf(response, xml);
}

const escaped = (text: string): string => text.replace(/[<>&"']/g, (each) => `&#${each.charCodeAt(0)};`);
