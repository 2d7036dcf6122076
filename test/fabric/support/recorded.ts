import { X509Certificate } from 'node:crypto';
import { common, msp } from '@hyperledger/fabric-protos';
import { entriesOf } from '../../conformance/support/blocks.js';
import { readChannel } from './channelReader.js';

/** What a block says for ever of who did something. */
export interface Recorded {
  readonly code: number;
  /** MSP ids of those whose peers signed the result, sorted; signatures that do not verify are left out. */
  readonly endorsers: string[];
  /** Who signed the transaction. */
  readonly creatorPem: string;
}

/** One transaction as it stands in its block, at the peer that a profile leads to. */
export function recorded(profilePath: string, transactionId: string): Promise<Recorded> {
  return readChannel(profilePath, async ({ channel, network }) => {
    const qscc = network.getContract('qscc');
    const block = await qscc.evaluateTransaction('GetBlockByTxID', channel, transactionId);
    const entries = entriesOf(common.Block.deserializeBinary(block));
    const entry = entries.find((each) => each.transactionId === transactionId);
    if (entry === undefined) throw new Error(`the block lacks ${transactionId}`);
    const signed = common.SignatureHeader.deserializeBinary(
      entry.payload.getHeader()!.getSignatureHeader_asU8(),
    );
    const creator = msp.SerializedIdentity.deserializeBinary(signed.getCreator_asU8());
    const valid = entry.endorsements.filter((endorsement) => endorsement.valid);
    return {
      code: entry.code,
      endorsers: valid.map(({ mspId }) => mspId).sort(),
      creatorPem: new X509Certificate(creator.getIdBytes_asU8()).toString(),
    };
  });
}
