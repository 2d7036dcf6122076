import { createPrivateKey } from 'node:crypto';
import { credentials, Client } from '@grpc/grpc-js';
import { connect, type Network, signers } from '@hyperledger/fabric-gateway';
import { loadProfile } from '@veritrain/client-sdk';

export interface ChannelReader {
  readonly channel: string;
  readonly network: Network;
}

/** Reads the channel as the member of a profile, past the SDK. */
export async function readChannel<T>(
  profilePath: string,
  read: (reader: ChannelReader) => Promise<T>,
): Promise<T> {
  const { gateway, channel, mspId, certificatePem, privateKeyPem } = loadProfile(profilePath);
  const { address, tls } = gateway;
  const client = new Client(
    address,
    tls === undefined
      ? credentials.createInsecure()
      : credentials.createSsl(Buffer.from(tls.rootCertificatePem)),
  );
  const identity = { mspId, credentials: Buffer.from(certificatePem) };
  const signer = signers.newPrivateKeySigner(createPrivateKey(privateKeyPem));
  const connected = connect({ client, identity, signer });
  try {
    return await read({ channel, network: connected.getNetwork(channel) });
  } finally {
    connected.close();
    client.close();
  }
}
