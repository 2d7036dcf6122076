import { connect, hash } from '@hyperledger/fabric-gateway';
import { common, gateway, msp, peer } from '@hyperledger/fabric-protos';
import { Client, credentials } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { propose } from './proposal.js';

const channel = 'market';
const chaincode = 'veritrain';
const certificate = Buffer.from('a certificate, longer than one length byte can say '.repeat(20));
const call = { name: 'RoundContract:GetRound', argument: JSON.stringify({ text: 'ü'.repeat(20_000) }) };

function creator(): Uint8Array {
  const identity = new msp.SerializedIdentity();
  identity.setMspid('Org1MSP');
  identity.setIdBytes(certificate);
  return identity.serializeBinary();
}

interface Parts {
  readonly header: common.ChannelHeader;
  readonly signatureHeader: common.SignatureHeader;
  readonly proposal: peer.Proposal;
}

function partsOf(bytes: Uint8Array): Parts {
  const proposal = peer.Proposal.deserializeBinary(bytes);
  const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
  return {
    proposal,
    header: common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8()),
    signatureHeader: common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8()),
  };
}

describe('a proposal', () => {
  it('is, byte for byte, what the stock client makes of the same nonce and time', () => {
    const client = new Client('127.0.0.1:1', credentials.createInsecure());
    const identity = { mspId: 'Org1MSP', credentials: certificate };
    const stock = connect({ client, identity, hash: hash.none })
      .getNetwork(channel)
      .getContract(chaincode)
      .newProposal(call.name, { arguments: [call.argument] });
    const signed = gateway.ProposedTransaction.deserializeBinary(stock.getBytes()).getProposal();
    const theirs = partsOf(signed?.getProposalBytes_asU8() ?? new Uint8Array());
    client.close();

    const ours = propose({ channel, chaincode, creator: creator() }, call);
    const { header, signatureHeader, proposal } = partsOf(ours.bytes);
    expect(Buffer.from(ours.input)).toEqual(Buffer.from(theirs.proposal.getPayload_asU8()));
    // Of the messages, only what is fresh each time differs; written out again they are the bytes that were made here.
    theirs.header.setTimestamp(header.getTimestamp());
    theirs.header.setTxId(ours.transactionId);
    theirs.signatureHeader.setNonce(signatureHeader.getNonce_asU8());
    expect(Buffer.from(ours.channelHeader)).toEqual(Buffer.from(theirs.header.serializeBinary()));
    expect(Buffer.from(ours.signatureHeader)).toEqual(Buffer.from(theirs.signatureHeader.serializeBinary()));
    expect(Buffer.from(proposal.serializeBinary())).toEqual(Buffer.from(ours.bytes));
    expect(proposal.getHeader_asU8()).toEqual(new Uint8Array(ours.header));
  });

  it('never repeats a nonce, and is named after it', () => {
    const from = { channel, chaincode, creator: creator() };
    const ids = new Set(Array.from({ length: 50 }, () => propose(from, call).transactionId));
    expect(ids.size).toBe(50);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{64}$/);
  });
});
