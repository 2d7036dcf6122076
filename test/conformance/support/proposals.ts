import { createHash, randomBytes } from 'node:crypto';
import { common, gateway as gatewayProtos, msp, peer } from '@hyperledger/fabric-protos';
import type { Commit, Proposal } from '@hyperledger/fabric-gateway';
import type { NetworkUnderTest } from './network.js';

/** What differs from an honest proposal. */
export interface Changes {
  readonly timestamp?: Date;
  readonly transactionId?: string;
  readonly creator?: Uint8Array;
  readonly nonce?: Uint8Array;
  readonly signature?: Uint8Array;
  readonly channel?: string;
  readonly type?: common.HeaderTypeMap[keyof common.HeaderTypeMap];
  /** The chaincode in the header, which peers run; undefined as a value leaves it out. */
  readonly headerChaincode?: string | undefined;
  /** The chaincode in the input, by which the gateway looks for peers. */
  readonly inputChaincode?: string;
  readonly isInit?: boolean;
  readonly withoutInput?: boolean;
}

/** A proposal for `put` that is honest but for the changes, signed over what it then says. */
export async function changedProposal(under: NetworkUnderTest, changes: Changes): Promise<Proposal> {
  const honest = under.contract.newProposal('put', { arguments: ['never', 'written'] });
  const proposed = gatewayProtos.ProposedTransaction.deserializeBinary(honest.getBytes());
  const proposal = peer.Proposal.deserializeBinary(proposed.getProposal()!.getProposalBytes_asU8());
  const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
  const transactionId = changeHeader(header, changes);
  proposal.setHeader(header.serializeBinary());
  proposal.setPayload(changedPayload(proposal.getPayload_asU8(), changes));
  const bytes = proposal.serializeBinary();
  const signed = new peer.SignedProposal();
  signed.setProposalBytes(bytes);
  proposed.setProposal(signed);
  proposed.setTransactionId(transactionId);
  const signature = changes.signature ?? (await under.sign(bytes));
  return under.gateway.newSignedProposal(proposed.serializeBinary(), signature);
}

/** @returns the transaction id that the header names */
function changeHeader(header: common.Header, changes: Changes): string {
  const signatureHeader = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8());
  const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
  const creator = changes.creator ?? signatureHeader.getCreator_asU8();
  const nonce = changes.nonce ?? randomBytes(24);
  signatureHeader.setCreator(creator);
  signatureHeader.setNonce(nonce);
  const computed = createHash('sha256').update(nonce).update(creator).digest('hex');
  const transactionId = changes.transactionId ?? computed;
  channelHeader.setTxId(transactionId);
  changeAddress(channelHeader, changes);
  if (changes.timestamp !== undefined) {
    const timestamp = channelHeader.getTimestamp()!;
    timestamp.fromDate(changes.timestamp);
    channelHeader.setTimestamp(timestamp);
  }
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  return transactionId;
}

function changeAddress(channelHeader: common.ChannelHeader, changes: Changes): void {
  if (changes.channel !== undefined) channelHeader.setChannelId(changes.channel);
  if (changes.type !== undefined) channelHeader.setType(changes.type);
  if (!('headerChaincode' in changes)) return;
  const extension = new peer.ChaincodeHeaderExtension();
  if (changes.headerChaincode !== undefined) {
    const id = new peer.ChaincodeID();
    id.setName(changes.headerChaincode);
    extension.setChaincodeId(id);
  }
  channelHeader.setExtension$(extension.serializeBinary());
}

function changedPayload(bytes: Uint8Array, changes: Changes): Uint8Array {
  const payload = peer.ChaincodeProposalPayload.deserializeBinary(bytes);
  const invocation = peer.ChaincodeInvocationSpec.deserializeBinary(payload.getInput_asU8());
  const specification = invocation.getChaincodeSpec()!;
  if (changes.inputChaincode !== undefined) {
    specification.getChaincodeId()!.setName(changes.inputChaincode);
  }
  if (changes.isInit !== undefined) specification.getInput()!.setIsInit(changes.isInit);
  if (changes.withoutInput === true) specification.clearInput();
  payload.setInput(invocation.serializeBinary());
  return payload.serializeBinary();
}

export function serializedIdentity(mspId: string, certificate: Uint8Array): Uint8Array {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(mspId);
  identity.setIdBytes(certificate);
  return identity.serializeBinary();
}

/** Asks, signed as it should be, what became of a transaction. */
export async function commitQuestion(under: NetworkUnderTest, transactionId: string): Promise<Commit> {
  const { mspId, credentials } = under.identity;
  const request = new gatewayProtos.CommitStatusRequest();
  request.setChannelId(under.channel);
  request.setTransactionId(transactionId);
  request.setIdentity(serializedIdentity(mspId, credentials));
  const signed = new gatewayProtos.SignedCommitStatusRequest();
  signed.setRequest(request.serializeBinary());
  return under.gateway.newSignedCommit(signed.serializeBinary(), await under.sign(request.serializeBinary()));
}
