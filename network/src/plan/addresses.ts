import type { NetworkFile, Orderer, Organization } from './networkFile.js';

/**
 * A node's own name for itself where others are distant. gRPC asks a proxy for every host but `localhost` and loopback
 * addresses, and tells `localhost` by its spelling. Names have no case, so this resolves to the same machine and is in
 * the same certificates, but a distant peer, which has a proxy, goes through it.
 */
const proxiedHost = 'LOCALHOST';

const hostIn = ({ delayMs }: NetworkFile): string => (delayMs === 0 ? 'localhost' : proxiedHost);

/** Where clients and other organisations reach an organisation's peer: a distant one through what delays them. */
export const peerPort = ({ peer, distance }: Organization): number =>
  distance?.ports.inbound ?? peer.ports.listen;

/** As clients of the first data centre dial it. */
export const peerAddress = (organization: Organization): string => `localhost:${peerPort(organization)}`;

/** The host that a peer names to other peers, which goes with {@link peerPort}. */
export const advertisedHost = (network: NetworkFile, { distance }: Organization): string =>
  // The way to a distant peer delays already: two distant ones are one round trip apart, not two.
  distance === undefined ? hostIn(network) : 'localhost';

/** As the channel's configuration names an orderer to peers. */
export const ordererAddress = (network: NetworkFile, { ports }: Orderer): string =>
  `${hostIn(network)}:${ports.listen}`;
