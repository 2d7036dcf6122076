import { text } from 'node:stream/consumers';
import { invalidAnswer } from './answer.js';
import type { S3Client } from './connection.js';
import { maxParts } from './parts.js';
import { fieldOf } from './refusal.js';

/** A part of an upload that the server holds. */
export interface StoredPart {
  readonly part: number;
  readonly size: number;
  /** In hex, without quotes. */
  readonly etag: string;
}

/** A page has 1,000 parts. */
const maxPages = 100;

/**
 * Parts of an upload that the server holds. The library's own call goes on as long as the server says so.
 *
 * @throws VAULT_ANSWER_INVALID where they do not end; S3Refusal
 */
export async function listParts(
  client: S3Client,
  bucketName: string,
  { key, uploadId }: { readonly key: string; readonly uploadId: string },
): Promise<StoredPart[]> {
  const parts: StoredPart[] = [];
  for (let [marker, pages] = [0, 1]; ; pages += 1) {
    const query = `part-number-marker=${marker}&uploadId=${encodeURIComponent(uploadId)}`;
    const response = await client.makeRequestAsync({ method: 'GET', bucketName, objectName: key, query });
    const xml = await text(response);
    for (const part of xml.split('<Part>').slice(1)) parts.push(storedPart(part));
    if (fieldOf(xml, 'IsTruncated') !== 'true') return parts;
    const next = Number(fieldOf(xml, 'NextPartNumberMarker'));
    if (!(next > marker) || pages === maxPages || parts.length > maxParts)
      throw invalidAnswer('The vault’s list of parts does not end.', { pages });
    marker = next;
  }
}

const storedPart = (xml: string): StoredPart => ({
  part: Number(fieldOf(xml, 'PartNumber')),
  size: Number(fieldOf(xml, 'Size')),
  etag: (fieldOf(xml, 'ETag') ?? '').replace(/"|&quot;|&#34;/g, ''),
});
