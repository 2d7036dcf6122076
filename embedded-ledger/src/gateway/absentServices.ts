import * as grpc from '@grpc/grpc-js';
import { discovery, orderer, peer } from '@hyperledger/fabric-protos';

/** Services of peers and orderers that clients without the Gateway service call: discovery, endorsement, ordering. */
const ABSENT: readonly grpc.ServiceDefinition[] = [
  discovery.DiscoveryService,
  peer.EndorserService,
  orderer.AtomicBroadcastService,
];

/** Refuses each call of a service that this gateway does not have, and names the client to use instead. */
export function refuseAbsentServices(server: grpc.Server): void {
  for (const service of ABSENT) {
    const methods = Object.entries(service);
    const unread = methods.map(([name, method]) => [name, { ...method, requestDeserialize: () => ({}) }]);
    const refusing = methods.map(([name, method]) => [name, refusalOf(method)]);
    server.addService(
      Object.fromEntries(unread) as grpc.ServiceDefinition,
      Object.fromEntries(refusing) as grpc.UntypedServiceImplementation,
    );
  }
}

function refusalOf({ path, requestStream }: grpc.ServiceDefinition[string]): grpc.UntypedHandleCall {
  const advice =
    'connect with fabric-gateway (for Node, Go or Java); fabric-network and the peer command need a Fabric network';
  const error = {
    code: grpc.status.UNIMPLEMENTED,
    details: `the embedded ledger does not serve ${path.slice(1)}: ${advice}`,
  };
  if (!requestStream) {
    return (_: unknown, callback: grpc.sendUnaryData<unknown>) => {
      callback(error);
    };
  }
  return (call: grpc.ServerDuplexStream<unknown, unknown>) => {
    call.emit('error', error);
  };
}
