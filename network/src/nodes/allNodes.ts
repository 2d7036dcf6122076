import type { NetworkParts } from '../channel/channel.js';
import { chaincodeServer } from '../chaincode/server.js';
import { authorityNodes } from './authority.js';
import { distanceNodes } from './distance.js';
import { ordererNodes, peerNodes, type NodeSpecification } from './node.js';

export type NodeKind = 'authority' | 'orderer' | 'distance' | 'peer' | 'chaincode';

/** All nodes of a network, in starting order. */
export function allNodes({ layout, network, programs }: NetworkParts): Record<NodeKind, NodeSpecification[]> {
  const chaincode = network.deployments.flatMap((deployment) =>
    network.organizations.map((organization) => chaincodeServer(layout, deployment, organization)),
  );
  return {
    authority: authorityNodes(layout, network, programs),
    orderer: ordererNodes(layout, network, programs),
    distance: distanceNodes(layout, network),
    peer: peerNodes(layout, network, programs),
    chaincode,
  };
}
