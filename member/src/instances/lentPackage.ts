import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { mostSealedBytes } from '@veritrain/client-sdk/keys';
import { MAX_PACKAGE_BYTES } from '@veritrain/training';
import type { ActionContext } from '../calls/context.js';
import { memberError, isMemberError } from '../errors/memberError.js';
import type { LentFrom } from './lentAddress.js';

/** An answer must begin within this time, ms, and then keep the least rate; it may be late by this time as a whole. */
const defaultPace = { patienceMs: 30_000, leastBytesPerSecond: 16_384 };
type Pace = typeof defaultPace;

/**
 * A package from an address that its owner signed for a host without an account in the vault. What comes is worth no
 * more than what a vault gives: it is checked before it is used. No redirect is followed.
 *
 * @throws LOAN_ENDED, NOT_WHAT_WAS_PROMISED where it never ends
 */
export async function* streamLent(
  from: LentFrom,
  { signal }: ActionContext,
  pace: Pace = defaultPace,
): AsyncGenerator<Uint8Array> {
  try {
    yield* piecesOf(from, signal, pace);
  } catch (cause) {
    if (isMemberError(cause) || signal?.aborted === true) throw cause;
    throw memberError('VT9210', 'The lent package cannot be reached.', { cause });
  }
}

async function* piecesOf(
  from: LentFrom,
  signal: AbortSignal | undefined,
  { patienceMs, leastBytesPerSecond }: Pace,
): AsyncGenerator<Uint8Array> {
  const response = await ask(from, signal, patienceMs);
  // The address is a key: of what it is, only the host goes into words.
  const facts = { host: from.url.host, status: response.statusCode ?? 0 };
  if (response.statusCode !== 200) {
    response.destroy();
    throw memberError('VT9210', 'The package is not lent any more.', { facts });
  }
  const begun = performance.now();
  let sizeBytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    sizeBytes += piece.length;
    if (sizeBytes > mostSealedBytes(MAX_PACKAGE_BYTES))
      throw memberError('VT9205', 'What was lent is larger than any package.', { facts });
    if (performance.now() - begun > patienceMs + (sizeBytes / leastBytesPerSecond) * 1000)
      throw memberError('VT9210', 'The lent package comes too slowly.', { facts });
    yield piece;
  }
}

/** Calls the address that was looked at, and no other. */
function ask(
  { url, ip, rootCertificatePem }: LentFrom,
  signal: AbortSignal | undefined,
  patienceMs: number,
): Promise<http.IncomingMessage> {
  const { request } = url.protocol === 'https:' ? https : http;
  const options: https.RequestOptions = {
    agent: false,
    lookup: (_host, { all }, done) => {
      const found = { address: ip, family: isIP(ip) };
      if (all === true) done(null, [found]);
      else done(null, found.address, found.family);
    },
    ...(signal === undefined ? {} : { signal }),
    ...(rootCertificatePem === undefined ? {} : { ca: rootCertificatePem }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      clearTimeout(late);
      resolve(response);
    });
    const slow = (): void => {
      sent.destroy(new Error(`nothing came for ${patienceMs} ms`));
    };
    const late = setTimeout(slow, patienceMs);
    sent.setTimeout(patienceMs, slow);
    sent.on('close', () => {
      clearTimeout(late);
    });
    sent.on('error', reject).end();
  });
}
