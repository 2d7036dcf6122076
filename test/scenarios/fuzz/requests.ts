import { randomBytes } from 'node:crypto';
import { hash, type Contract } from '@hyperledger/fabric-gateway';
import { common, gateway as protos, msp, orderer, peer } from '@hyperledger/fabric-protos';
import { qualifiedName } from '@veritrain/client-sdk/protocol';
import type { Caller, World } from './world.js';

const deliverMethods = ['Deliver', 'DeliverFiltered', 'DeliverWithPrivateData'] as const;
export type Method =
  'Endorse' | 'Evaluate' | 'Submit' | 'CommitStatus' | 'ChaincodeEvents' | (typeof deliverMethods)[number];

/** A request: the bytes in it that are signed, and what is put around them. */
export interface SignedRequest {
  readonly method: Method;
  readonly signed: Uint8Array;
  wrap(signed: Uint8Array, signature: Uint8Array): Uint8Array;
}

export const pathOf = (method: Method): string =>
  `/${method.startsWith('Deliver') ? 'protos.Deliver' : 'gateway.Gateway'}/${method}`;

export const signatureOf = ({ sign }: Caller, bytes: Uint8Array): Promise<Uint8Array> =>
  sign(hash.sha256(bytes));

/** Honest requests of every method, fresh: peers refuse what is older than fifteen minutes. */
export async function honestRequests({ market }: World, caller: Caller): Promise<SignedRequest[]> {
  const { channel, chaincode } = market.ledger;
  const network = caller.gateway.getNetwork(channel);
  const contract = network.getContract(chaincode);
  const proposals = [
    proposalOf(contract, qualifiedName('GetDataset'), JSON.stringify({ datasetId: 'ds_fuzz' })),
    proposalOf(contract, qualifiedName('Tick'), '{}'),
    proposalOf(network.getContract('qscc'), 'GetBlockByNumber', channel, '0'),
  ];
  const transaction = await contract.newProposal(qualifiedName('GetConfig'), { arguments: ['{}'] }).endorse();
  return [
    ...proposals.flatMap((signed) => [endorsing(signed), evaluating(signed)]),
    submitting(channel, transaction.getBytes()),
    asking(channel, caller, transaction.getTransactionId()),
    listening(channel, chaincode, caller),
    ...deliverMethods.map((method) => delivering(method, channel, caller)),
  ];
}

function proposalOf(contract: Contract, name: string, ...args: string[]): Uint8Array {
  const proposed = protos.ProposedTransaction.deserializeBinary(
    contract.newProposal(name, { arguments: args }).getBytes(),
  );
  return proposed.getProposal()!.getProposalBytes_asU8();
}

function signedProposal(bytes: Uint8Array, signature: Uint8Array): peer.SignedProposal {
  const proposal = new peer.SignedProposal();
  proposal.setProposalBytes(bytes);
  proposal.setSignature(signature);
  return proposal;
}

const endorsing = (signed: Uint8Array): SignedRequest => ({
  method: 'Endorse',
  signed,
  wrap(bytes, signature) {
    const request = new protos.EndorseRequest();
    request.setProposedTransaction(signedProposal(bytes, signature));
    return request.serializeBinary();
  },
});

const evaluating = (signed: Uint8Array): SignedRequest => ({
  method: 'Evaluate',
  signed,
  wrap(bytes, signature) {
    const request = new protos.EvaluateRequest();
    request.setProposedTransaction(signedProposal(bytes, signature));
    return request.serializeBinary();
  },
});

function submitting(channel: string, transaction: Uint8Array): SignedRequest {
  const prepared = protos.PreparedTransaction.deserializeBinary(transaction);
  return {
    method: 'Submit',
    signed: prepared.getEnvelope()!.getPayload_asU8(),
    wrap(bytes, signature) {
      const request = new protos.SubmitRequest();
      request.setChannelId(channel);
      request.setTransactionId(prepared.getTransactionId());
      request.setPreparedTransaction(envelope(bytes, signature));
      return request.serializeBinary();
    },
  };
}

function asking(channel: string, caller: Caller, transactionId: string): SignedRequest {
  const request = new protos.CommitStatusRequest();
  request.setChannelId(channel);
  request.setTransactionId(transactionId);
  request.setIdentity(identityOf(caller));
  return {
    method: 'CommitStatus',
    signed: request.serializeBinary(),
    wrap(bytes, signature) {
      const signed = new protos.SignedCommitStatusRequest();
      signed.setRequest(bytes);
      signed.setSignature(signature);
      return signed.serializeBinary();
    },
  };
}

function listening(channel: string, chaincode: string, caller: Caller): SignedRequest {
  const request = new protos.ChaincodeEventsRequest();
  request.setChannelId(channel);
  request.setChaincodeId(chaincode);
  request.setIdentity(identityOf(caller));
  request.setStartPosition(positionOf(0));
  return {
    method: 'ChaincodeEvents',
    signed: request.serializeBinary(),
    wrap(bytes, signature) {
      const signed = new protos.SignedChaincodeEventsRequest();
      signed.setRequest(bytes);
      signed.setSignature(signature);
      return signed.serializeBinary();
    },
  };
}

function delivering(method: (typeof deliverMethods)[number], channel: string, caller: Caller): SignedRequest {
  const seek = new orderer.SeekInfo();
  seek.setStart(positionOf(0));
  seek.setStop(positionOf(2));
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.DELIVER_SEEK_INFO);
  channelHeader.setChannelId(channel);
  channelHeader.setTimestamp(now());
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(identityOf(caller));
  signatureHeader.setNonce(randomBytes(24));
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(seek.serializeBinary());
  const wrap = (bytes: Uint8Array, signature: Uint8Array): Uint8Array =>
    envelope(bytes, signature).serializeBinary();
  return { method, signed: payload.serializeBinary(), wrap };
}

type Timestamp = NonNullable<ReturnType<common.ChannelHeader['getTimestamp']>>;

/** A time as protobuf holds it: a message whose first field is the seconds. */
function now(): Timestamp {
  const seconds = new orderer.SeekSpecified();
  seconds.setNumber(Math.floor(Date.now() / 1000));
  const holder = common.ChannelHeader.deserializeBinary(
    Buffer.concat([Buffer.from([0x1a, seconds.serializeBinary().length]), seconds.serializeBinary()]),
  );
  return holder.getTimestamp()!;
}

function positionOf(number: number): orderer.SeekPosition {
  const specified = new orderer.SeekSpecified();
  specified.setNumber(number);
  const position = new orderer.SeekPosition();
  position.setSpecified(specified);
  return position;
}

function envelope(payload: Uint8Array, signature: Uint8Array): common.Envelope {
  const result = new common.Envelope();
  result.setPayload(payload);
  result.setSignature(signature);
  return result;
}

function identityOf({ mspId, certificate }: Caller): Uint8Array {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(mspId);
  identity.setIdBytes(certificate);
  return identity.serializeBinary();
}
