import { createHash } from 'node:crypto';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import type { TestEndorser } from './testOrganization.js';

/** What a gateway was asked to have endorsed, taken apart. */
export interface AskedCall {
  readonly header: common.Header;
  readonly input: Uint8Array;
  readonly chaincode: string;
}

export function askedCall(request: gateway.EndorseRequest): AskedCall {
  const bytes = request.getProposedTransaction()?.getProposalBytes_asU8() ?? new Uint8Array();
  const proposal = peer.Proposal.deserializeBinary(bytes);
  const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
  const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
  const extension = peer.ChaincodeHeaderExtension.deserializeBinary(channelHeader.getExtension_asU8());
  return {
    header,
    input: proposal.getPayload_asU8(),
    chaincode: extension.getChaincodeId()?.getName() ?? '',
  };
}

/** The bytes that endorsers of a call sign together with their identity. */
export function responsePayload({ header, input, chaincode }: AskedCall, answer: Uint8Array): Uint8Array {
  const response = new peer.Response();
  response.setStatus(200);
  response.setPayload(answer);
  const chaincodeId = new peer.ChaincodeID();
  chaincodeId.setName(chaincode);
  const action = new peer.ChaincodeAction();
  action.setResponse(response);
  action.setChaincodeId(chaincodeId);
  const payload = new peer.ProposalResponsePayload();
  payload.setProposalHash(
    createHash('sha256')
      .update(header.getChannelHeader_asU8())
      .update(header.getSignatureHeader_asU8())
      .update(input)
      .digest(),
  );
  payload.setExtension$(action.serializeBinary());
  return payload.serializeBinary();
}

export interface EnvelopeParts {
  readonly header: common.Header;
  readonly input: Uint8Array;
  readonly signed: Uint8Array;
  readonly endorsements: readonly peer.Endorsement[];
}

export function transactionActionOf({
  header,
  input,
  signed,
  endorsements,
}: EnvelopeParts): peer.TransactionAction {
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(signed);
  endorsed.setEndorsementsList([...endorsements]);
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(input);
  actionPayload.setAction(endorsed);
  const action = new peer.TransactionAction();
  action.setHeader(header.getSignatureHeader_asU8());
  action.setPayload(actionPayload.serializeBinary());
  return action;
}

export function payloadOf(header: common.Header, transaction: Uint8Array): Uint8Array {
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(transaction);
  return payload.serializeBinary();
}

export function transactionOf(...actions: peer.TransactionAction[]): Uint8Array {
  const transaction = new peer.Transaction();
  transaction.setActionsList(actions);
  return transaction.serializeBinary();
}

/** The payload of the transaction that an honest gateway prepares. */
export function honestPayload(
  call: AskedCall,
  answer: Uint8Array,
  endorsers: readonly TestEndorser[],
): Uint8Array {
  const signed = responsePayload(call, answer);
  const endorsements = endorsers.map((each) => each.endorse(signed));
  const { header, input } = call;
  return payloadOf(header, transactionOf(transactionActionOf({ header, input, signed, endorsements })));
}
