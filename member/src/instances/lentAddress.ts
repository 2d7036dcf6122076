import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { memberError } from '../errors/memberError.js';
import type { Member } from '../profile/member.js';

/** A host and port that a package is lent from, and what this machine finds there. */
export interface LentFrom {
  readonly url: URL;
  /** The IP address that is called: the one that was looked at, whatever the name resolves to later. */
  readonly ip: string;
  /** PEM of the CA that the server's certificate is of, where it is the vault's own. */
  readonly rootCertificatePem?: string | undefined;
}

/** Asked before an address that is not the vault's own is called. */
export type AgreeToAddress = (host: string, what: string) => Promise<void>;

export const lentAddress = z
  .url({ protocol: /^https?$/, abort: true })
  .refine((text) => new URL(text).username === '', 'an address has no credentials in it');

const network = (list: BlockList, [cidr, bits]: readonly [string, number]): void => {
  list.addSubnet(cidr, bits, isIP(cidr) === 6 ? 'ipv6' : 'ipv4');
};

/** What an address is, where it is none of the public Internet. */
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
  for (const subnet of subnets) network(list, subnet);
  return { what, list };
});

/** What an IP address is, in words. */
export function kindOfAddress(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1] ?? ip;
  const family = isIP(mapped) === 6 ? 'ipv6' : 'ipv4';
  return lists.find(({ list }) => list.check(mapped, family))?.what ?? 'a public address';
}

/**
 * Where a package is lent from. The vault's own host is called without a question, any other after one.
 *
 * @throws LOAN_ENDED where there is no such host, CONFIRMATION_MISSING
 */
export async function chooseLentFrom(
  { market }: Member,
  address: string,
  agree: AgreeToAddress,
): Promise<LentFrom> {
  const url = new URL(address);
  const { vault } = market.profile;
  const { address: ip } = await lookup(url.hostname.replace(/^\[|\]$/g, '')).catch((cause: unknown) => {
    throw memberError('VT9210', 'There is no such host as the package is lent from.', {
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
  // No bucket has a host of its own below an IP address.
  return origin === own.origin || origin === URL.parse(`${own.protocol}//${bucket}.${own.host}`)?.origin;
}
