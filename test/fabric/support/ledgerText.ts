import { X509Certificate } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import { blockOf, chainInfoOf, entriesOf } from '../../conformance/support/blocks.js';
import { readChannel, type ChannelReader } from './channelReader.js';

const certificates = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/g;

/**
 * All that transactions and their events have put on a channel, as its every reader gets it: each envelope byte by byte
 * (Latin-1), with the certificates in it unpacked. What only configures the channel is left out.
 */
export const ledgerTexts = (profilePath: string): Promise<string[]> => readChannel(profilePath, textsOf);

async function textsOf(reader: ChannelReader): Promise<string[]> {
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
