import { Client, credentials } from '@grpc/grpc-js';
import { connect, signers, type Network } from '@hyperledger/fabric-gateway';
import { createPrivateKey } from 'node:crypto';
import type { LedgerIdentity } from '@veritrain/client-sdk/fabric';
import type { Organization } from '../organizations.js';

/** The stock client's connection to a network's channel. */
export interface ChannelConnection {
  readonly network: Network;
  close(): void;
}

/**
 * Connects to the gateway of an organisation's peer. It sends nothing before the first call.
 * @param identity the caller; default: the organisation's administrator
 */
export function connectChannel(
  { endpoint, administrator }: Organization,
  identity: LedgerIdentity = administrator,
): ChannelConnection {
  const client = clientOf(endpoint);
  const gateway = connect({
    client,
    identity: { mspId: identity.mspId, credentials: Buffer.from(identity.certificatePem) },
    signer: signers.newPrivateKeySigner(createPrivateKey(identity.privateKeyPem)),
  });
  return {
    network: gateway.getNetwork(endpoint.connection.channel),
    close: () => {
      gateway.close();
      client.close();
    },
  };
}

/** A block may be larger than the 4 MB that gRPC accepts by default. */
const channelOptions = { 'grpc.max_receive_message_length': -1 };

function clientOf({ connection, tls }: Organization['endpoint']): Client {
  if (tls === undefined) return new Client(connection.gateway, credentials.createInsecure(), channelOptions);
  const { rootCertificatePem, serverName } = tls;
  return new Client(connection.gateway, credentials.createSsl(Buffer.from(rootCertificatePem)), {
    ...channelOptions,
    ...(serverName === undefined ? {} : { 'grpc.ssl_target_name_override': serverName }),
  });
}
