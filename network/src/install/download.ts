import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { NetworkError } from '../errors.js';
import type { Archive } from './archives.js';

export interface DownloadProgress {
  readonly archive: string;
  readonly receivedBytes: number;
  /** Undefined unless the server reports it. */
  readonly totalBytes: number | undefined;
}

export interface DownloadOptions {
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const progressEveryBytes = 10_000_000;

/** Several times the size of a release. */
const maxArchiveBytes = 1024 ** 3;

const maxRedirects = 10;

/**
 * Downloads an archive to a file.
 * @returns its SHA-256
 * @throws NetworkError DOWNLOAD_FAILED, DIGEST_MISMATCH, PLAIN_HTTP; the signal's reason
 */
export async function download(archive: Archive, path: string, options: DownloadOptions): Promise<string> {
  const hash = createHash('sha256');
  try {
    const response = await request(archive, options.signal);
    const observed = observe(archive, response, hash, options.onProgress);
    await pipeline(Readable.fromWeb(response.body), observed, createWriteStream(path), {
      signal: options.signal,
    });
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw cause instanceof NetworkError ? cause : failed(archive, reasonOf(cause), cause);
  }
  const digest = hash.digest('hex');
  if (archive.sha256 === undefined || archive.sha256 === digest) return digest;
  throw new NetworkError('VT9516', `${archive.name} does not have the expected SHA-256.`, {
    facts: { archive: archive.name, wanted: archive.sha256, sha256: digest },
  });
}

type Body = NonNullable<Response['body']>;

/** Follows redirects itself, since it must trust every address on the way. */
async function request(archive: Archive, signal?: AbortSignal): Promise<Response & { body: Body }> {
  let { address } = archive;
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    requireTrusted(archive, address);
    const response = await fetch(address, {
      redirect: 'manual',
      ...(signal === undefined ? {} : { signal }),
    });
    const { ok, status, body, headers } = response;
    if (ok && body !== null) return response as Response & { body: Body };
    await body?.cancel();
    const location = status >= 300 && status < 400 ? headers.get('location') : null;
    if (location === null) throw failed(archive, `the server answered ${status}`);
    address = new URL(location, address).href;
  }
  throw failed(archive, `the server redirected more than ${maxRedirects} times`);
}

/** Without a digest, only TLS shows that the archive is the project's. */
function requireTrusted({ name, sha256 }: Archive, address: string): void {
  if (sha256 !== undefined || address.startsWith('https:')) return;
  throw new NetworkError('VT9525', `${name} has no digest to compare, so plain http is not safe.`, {
    facts: { address },
  });
}

function observe(
  { name }: Archive,
  { headers }: Response,
  hash: ReturnType<typeof createHash>,
  onProgress: DownloadOptions['onProgress'],
): Transform {
  const length = Number(headers.get('content-length') ?? '0');
  const totalBytes = length > 0 ? length : undefined;
  let receivedBytes = 0;
  let told = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      receivedBytes += chunk.length;
      if (receivedBytes > maxArchiveBytes) {
        done(new Error(`the server sent more than ${maxArchiveBytes} bytes`));
        return;
      }
      if (receivedBytes - told >= progressEveryBytes || receivedBytes === totalBytes) {
        told = receivedBytes;
        onProgress?.({ archive: name, receivedBytes, totalBytes });
      }
      done(null, chunk);
    },
    flush(done) {
      const short = totalBytes !== undefined && receivedBytes < totalBytes;
      done(short ? new Error(`the server sent only ${receivedBytes} of ${totalBytes} bytes`) : null);
    },
  });
}

const failed = ({ name, address }: Archive, why: string, cause?: unknown): NetworkError =>
  new NetworkError('VT9515', `${name} could not be downloaded: ${why}.`, { facts: { address }, cause });

/** `fetch` reports only "fetch failed"; its cause has the reason. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { message?: string; code?: string } };
  return cause?.code ?? cause?.message ?? message ?? 'unknown';
}
