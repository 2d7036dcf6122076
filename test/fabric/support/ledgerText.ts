import { createPrivateKey, X509Certificate } from 'node:crypto';
import { credentials, Client } from '@grpc/grpc-js';
import { connect, type Network, signers } from '@hyperledger/fabric-gateway';
import { common } from '@hyperledger/fabric-protos';
import { loadProfile } from '@veritrain/client-sdk';
import { blockOf, chainInfoOf, entriesOf } from '../../ledger-conformance/support/blocks.js';

const certificates = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/g;

/**
 * All that transactions and their events have put on a channel, as its every reader gets it: each envelope byte by byte
 * (Latin-1), with the certificates in it unpacked. What only configures the channel is left out.
 */
export async function ledgerTexts(profilePath: string): Promise<string[]> {
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
    return await textsOf({ channel, network: connected.getNetwork(channel) });
  } finally {
    connected.close();
    client.close();
  }
}

async function textsOf(reader: { channel: string; network: Network }): Promise<string[]> {
  const height = (await chainInfoOf(reader)).getHeight();
  const texts: string[] = [];
  for (let number = 0; number < height; number += 1) {
    for (const { type, payload } of entriesOf(await blockOf(reader, number)))
      if (type === common.HeaderType.ENDORSER_TRANSACTION)
        texts.push(unpacked(Buffer.from(payload.serializeBinary()).toString('latin1')));
  }
  return texts;
}

function unpacked(text: string): string {
  return text.replace(certificates, (pem) => {
    const { subject, issuer, subjectAltName = '', raw } = new X509Certificate(pem);
    return [subject, issuer, subjectAltName, raw.toString('latin1')].join('\n');
  });
}
