import { join } from 'node:path';
import type { NetworkParts } from './channel.js';

/** The arguments with which `peer` reaches the ordering service. */
export function ordererArguments({ layout, network }: NetworkParts): string[] {
  const { domain, orderers } = network.ordering;
  const [first] = orderers;
  if (first === undefined) throw new Error('a network has orderers');
  const address = ['--orderer', `localhost:${first.ports.listen}`];
  if (!network.tls) return address;
  return [...address, '--tls', '--cafile', join(layout.orderer(domain, first.hostName).tlsFolder, 'ca.crt')];
}
