import type { NetworkFile, Orderer, Organization } from './networkFile.js';

/**
 * A node's own host name if other nodes are distant. gRPC asks a proxy for every host except `localhost` and loopback
 * addresses, and recognises `localhost` by its spelling. Host names ignore case, so this name resolves to the same
 * machine and matches the same certificates, but a distant peer, which has a proxy, uses the proxy for it.
 */
const proxiedHost = 'LOCALHOST';

const hostIn = ({ delayMs }: NetworkFile): string => (delayMs === 0 ? 'localhost' : proxiedHost);

/**
 * The port at which clients and other organisations reach an organisation's peer. For a distant peer it is the delaying
 * process's.
 */
export const peerPort = ({ peer, distance }: Organization): number =>
  distance?.ports.inbound ?? peer.ports.listen;

/** The address that clients in the first data centre dial. */
export const peerAddress = (organization: Organization): string => `localhost:${peerPort(organization)}`;

/** The host name that a peer advertises to other peers. It belongs to {@link peerPort}. */
export const advertisedHost = (network: NetworkFile, { distance }: Organization): string =>
  // The inbound port of a distant peer delays already. Two distant peers are one round trip apart, not two.
  distance === undefined ? hostIn(network) : 'localhost';

/** An orderer's address for peers, in the channel's configuration. */
export const ordererAddress = (network: NetworkFile, { ports }: Orderer): string =>
  `${hostIn(network)}:${ports.listen}`;
