import { createServer } from 'node:net';
import * as grpc from '@grpc/grpc-js';
import { gateway } from '@hyperledger/fabric-protos';
import type { TlsIdentity } from '../identity/tlsIdentities.js';
import type { ListenOptions } from '../listening.js';
import { addressOf, cannotListen, hostAndPort, listen } from '../listening.js';
import { boundReads } from '../boundedReads.js';
import { refuseAbsentServices } from './absentServices.js';
import { Admission } from './admission.js';
import { createDeliverService, DELIVER_SERVICE } from './deliverService.js';
import { createGatewayService } from './gatewayService.js';
import type { BlockEvents } from './blockEvents.js';
import type { GatewayNetwork } from './network.js';

/** The limit of a peer. */
const MAX_SENT_BYTES = 100 * 1024 * 1024;
/** A peer's default is 100 MiB, but the orderer accepts at most 10 MiB. */
const MAX_RECEIVED_BYTES = 16 * 1024 * 1024;
const CLOSE_WITHIN_MS = 1000;

export interface GatewayServer {
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves the Gateway and Deliver protocols over gRPC, without TLS if it has no TLS identity.
 * @throws LedgerError PORT_IN_USE, ADDRESS_UNUSABLE
 */
export async function startGatewayServer(
  network: GatewayNetwork,
  events: BlockEvents,
  { host, port, tls }: ListenOptions,
): Promise<GatewayServer> {
  boundReads();
  const server = new grpc.Server({
    'grpc.max_receive_message_length': MAX_RECEIVED_BYTES,
    'grpc.max_send_message_length': MAX_SENT_BYTES,
  });
  const admission = new Admission();
  server.addService(
    admission.measuring(gateway.GatewayService),
    createGatewayService(network, events, admission),
  );
  server.addService(DELIVER_SERVICE, createDeliverService(network, admission));
  refuseAbsentServices(server);
  await tryAddress(host, port);
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(hostAndPort(host, port), credentialsOf(tls), (error, result) => {
      if (error === null) resolve(result);
      else reject(cannotListen(host, port, 'gateway', error));
    });
  });
  return { address: addressOf(host, bound, tls), close: () => closeServer(server) };
}

/** gRPC reports only as a sentence why it cannot listen, so a plain server tries the address first. */
async function tryAddress(host: string, port: number): Promise<void> {
  const server = createServer();
  await listen(server, { host, port, tls: undefined }, 'gateway');
  await new Promise((resolve) => server.close(resolve));
}

function credentialsOf(tls: TlsIdentity | undefined): grpc.ServerCredentials {
  if (tls === undefined) return grpc.ServerCredentials.createInsecure();
  const pair = { cert_chain: Buffer.from(tls.certificatePem), private_key: Buffer.from(tls.privateKeyPem) };
  return grpc.ServerCredentials.createSsl(null, [pair]);
}

/** Open streams never end by themselves, so this cuts those that do not end soon. */
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
