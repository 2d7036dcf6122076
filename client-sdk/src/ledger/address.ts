/** @param address `host:port`, an IPv6 address in brackets */
export function splitAddress(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  return { host: unbracketed(address.slice(0, colon)), port: Number(address.slice(colon + 1)) };
}

/** A host without the brackets in which addresses write IPv6. */
export const unbracketed = (host: string): string => host.replace(/^\[|\]$/g, '');
