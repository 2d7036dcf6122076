import * as grpc from '@grpc/grpc-js';
import { gateway, peer } from '@hyperledger/fabric-protos';
import { portInUse } from '../listening.js';
import { createDeliverService } from './deliverService.js';
import { createGatewayService } from './gatewayService.js';
import type { BlockEvents } from './blockEvents.js';
import type { GatewayNetwork } from './network.js';

/** As on a peer. */
const MOST_MESSAGE_BYTES = 100 * 1024 * 1024;
const CLOSE_WITHIN_MS = 1000;

export interface GatewayServer {
  readonly address: string;
  close(): Promise<void>;
}

/** Serves the Gateway and Deliver protocols over plain gRPC. @throws LedgerError PORT_IN_USE */
export async function startGatewayServer(
  network: GatewayNetwork,
  events: BlockEvents,
  host: string,
  port: number,
): Promise<GatewayServer> {
  const server = new grpc.Server({
    'grpc.max_receive_message_length': MOST_MESSAGE_BYTES,
    'grpc.max_send_message_length': MOST_MESSAGE_BYTES,
  });
  server.addService(gateway.GatewayService, createGatewayService(network, events));
  server.addService(peer.DeliverService, createDeliverService(network));
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${String(port)}`, grpc.ServerCredentials.createInsecure(), (error, result) => {
      if (error === null) resolve(result);
      else reject(portInUse(host, port, 'gateway', error));
    });
  });
  return { address: `${host}:${String(bound)}`, close: () => closeServer(server) };
}

/** Open streams never end by themselves: what has not ended soon is cut. */
async function closeServer(server: grpc.Server): Promise<void> {
  await new Promise<void>((resolve) => {
    const force = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, CLOSE_WITHIN_MS);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });
}
