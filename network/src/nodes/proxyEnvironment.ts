import type { Organization } from '../plan/networkFile.js';

/**
 * The proxy through which a node reaches others. The caller's proxies do not apply, since the whole network is on this
 * machine. gRPC takes the first of both spellings that is not empty.
 */
export function proxyEnvironment(organization?: Organization): Record<string, string> {
  const port = organization?.distance?.ports.outbound;
  const proxy = port === undefined ? '' : `http://127.0.0.1:${port}`;
  return { HTTPS_PROXY: proxy, https_proxy: proxy, NO_PROXY: '', no_proxy: '' };
}
