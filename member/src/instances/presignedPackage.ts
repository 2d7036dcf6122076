import { lookup } from 'node:dns/promises';
import type http from 'node:http';
import type https from 'node:https';
import { BlockList, isIP } from 'node:net';
import { maxSealedBytes } from '@veritrain/client-sdk/keys';
import { MAX_PACKAGE_BYTES } from '@veritrain/training';
import { z } from 'zod';
import type { ActionContext } from '../calls/action.js';
import { memberError, isMemberError } from '../errors/memberError.js';
import type { Member } from '../profile/member.js';

/** The server that a package is lent from, as this machine resolved it. */
export interface PresignedSource {
  readonly url: URL;
  /** The IP address to call: the one that was checked, whatever the name resolves to later. */
  readonly ip: string;
  /** PEM of the CA of the server's certificate, if the server is the vault. */
  readonly rootCertificatePem?: string | undefined;
}

/**
 * Called before a request to another server than the vault. It rejects if the user does not agree.
 *
 * @param host the server's host name, with its port unless it is the default one
 * @param what the server's URL, the kind of its IP address, such as a private one, and the address, for people
 */
export type AgreeToAddress = (host: string, what: string) => Promise<void>;

export const presignedAddress = z
  .url({ protocol: /^https?$/, abort: true })
  .refine((text) => new URL(text).username === '', 'must contain no credentials');

/** Ranges of addresses outside the public Internet. */
const kinds = [
  [
    'a loopback address: this machine itself',
    [
      ['127.0.0.0', 8],
      ['0.0.0.0', 8],
      ['::1', 128],
      ['::', 128],
    ],
  ],
  [
    'a link-local address, where clouds keep their machines’ credentials',
    [
      ['169.254.0.0', 16],
      ['fe80::', 10],
    ],
  ],
  [
    'a private address: a machine of this network',
    [
      ['10.0.0.0', 8],
      ['172.16.0.0', 12],
      ['192.168.0.0', 16],
      ['100.64.0.0', 10],
      ['fc00::', 7],
    ],
  ],
] as const;
const lists = kinds.map(([what, subnets]) => {
  const list = new BlockList();
  for (const [cidr, bits] of subnets) list.addSubnet(cidr, bits, isIP(cidr) === 6 ? 'ipv6' : 'ipv4');
  return { what, list };
});

/** The kind of an IP address, in words. */
export function kindOfAddress(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1] ?? ip;
  const family = isIP(mapped) === 6 ? 'ipv6' : 'ipv4';
  return lists.find(({ list }) => list.check(mapped, family))?.what ?? 'a public address';
}

/**
 * Resolves the server that a package is lent from. Any other server than the vault needs agreement.
 *
 * @throws LOAN_ENDED if there is no such host, CONFIRMATION_MISSING
 */
export async function choosePresignedSource(
  { market }: Member,
  address: string,
  agree: AgreeToAddress,
): Promise<PresignedSource> {
  const url = new URL(address);
  const { vault } = market.profile;
  const { address: ip } = await lookup(url.hostname.replace(/^\[|\]$/g, '')).catch((cause: unknown) => {
    throw memberError('VT9210', 'The host that the package is lent from does not exist.', {
      facts: { host: url.host },
      cause,
    });
  });
  if (vault.kind === 's3' && isOwn(url, vault))
    return { url, ip, rootCertificatePem: vault.tls?.rootCertificatePem };
  await agree(url.host, `${url.protocol}//${url.host}, ${kindOfAddress(ip)} (${ip})`);
  return { url, ip };
}

function isOwn({ origin }: URL, { endpoint, bucket }: { endpoint: string; bucket: string }): boolean {
  const own = new URL(endpoint);
  // Below an IP address there are no host names for buckets.
  return origin === own.origin || origin === URL.parse(`${own.protocol}//${bucket}.${own.host}`)?.origin;
}

/** A response must begin within `patienceMs` and then keep the least rate, with a total delay of up to `patienceMs`. */
const defaultPace = { patienceMs: 30_000, minBytesPerSecond: 16_384 };
type Pace = typeof defaultPace;

/**
 * Downloads a package from an address that its owner signed for a host without an account in the vault. The caller checks
 * the content, as it does with the vault's. Redirects are not followed.
 *
 * @throws LOAN_ENDED, NOT_WHAT_WAS_PROMISED if it is too large
 */
export async function* streamPresigned(
  from: PresignedSource,
  { signal }: ActionContext,
  pace: Pace = defaultPace,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunksOf(from, signal, pace);
  } catch (cause) {
    if (isMemberError(cause) || signal?.aborted === true) throw cause;
    throw memberError('VT9210', 'The server of the lent package cannot be reached.', { cause });
  }
}

async function* chunksOf(
  from: PresignedSource,
  signal: AbortSignal | undefined,
  { patienceMs, minBytesPerSecond }: Pace,
): AsyncGenerator<Uint8Array> {
  const response = await request(from, signal, patienceMs);
  // The address is a secret: messages name only its host.
  const facts = { host: from.url.host, status: response.statusCode ?? 0 };
  if (response.statusCode !== 200) {
    response.destroy();
    throw memberError('VT9210', 'The package is not lent any more.', { facts });
  }
  const begun = performance.now();
  let sizeBytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxSealedBytes(MAX_PACKAGE_BYTES))
      throw memberError('VT9205', 'The lent file is larger than any package.', { facts });
    if (performance.now() - begun > patienceMs + (sizeBytes / minBytesPerSecond) * 1000)
      throw memberError('VT9210', 'The lent package comes too slowly.', { facts });
    yield chunk;
  }
}

/** Requests the package from the IP address that was checked. */
function request(
  { url, ip, rootCertificatePem }: PresignedSource,
  signal: AbortSignal | undefined,
  patienceMs: number,
): Promise<http.IncomingMessage> {
  // An import of node:http would load fetch, too: 60 ms of processor time at the start.
  const client = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http');
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
    const sent = client.request(url, options, (response) => {
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
