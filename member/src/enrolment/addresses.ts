/** The form of addresses that people give. It loads nothing but schemas. @module */
import { z } from 'zod';

/** `host:port`; an IPv6 address stands in brackets. */
const gateway = /^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):(\d{1,5})$/;
const lookLike = 'must look like localhost:7051 or [::1]:7051';

/** The address of a gateway: `host:port`, an IPv6 host in brackets, the port up to 65535. */
export const hostAndPort = z
  .string()
  .regex(gateway, { abort: true, error: lookLike })
  .refine((address) => hostAndPortOf(address).port <= 65_535, 'has a port above 65535');

/** The parts of a checked address; the host without the brackets of IPv6. */
export function hostAndPortOf(address: string): {
  /** A name or an IP address. */
  host: string;
  /** 0 to 65535. */
  port: number;
} {
  const colon = address.lastIndexOf(':');
  return {
    host: address.slice(0, colon).replace(/^\[(.*)\]$/, '$1'),
    port: Number(address.slice(colon + 1)),
  };
}

/** The address of a certificate authority: an HTTP or HTTPS URL. */
export const webAddress = z.url({ protocol: /^https?$/, error: 'must look like http://127.0.0.1:7054' });
