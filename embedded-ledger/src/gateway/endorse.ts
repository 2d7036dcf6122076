import { common, gateway, peer } from '@hyperledger/fabric-protos';
import { headerFields } from '../commit/transaction.js';
import type { TransactionContent } from '../commit/transaction.js';
import type { Proposal } from '../peer/proposal.js';
import { collectByPolicy, collectFromNamed } from './endorsementPlan.js';
import type { Agreement } from './endorsementPlan.js';
import type { GatewayNetwork } from './network.js';
import { askPeers } from './peerAnswer.js';
import { readProposal } from './proposals.js';

const TEXTS = { prefix: '', missing: 'the proposed transaction must contain a signed proposal' };

/**
 * Has the organisations that the policy requires run a proposal, and builds a transaction from their signed results.
 */
export async function endorse(
  request: gateway.EndorseRequest,
  network: GatewayNetwork,
): Promise<gateway.EndorseResponse> {
  const proposal = readProposal(request.getProposedTransaction(), TEXTS);
  const named = request.getEndorsingOrganizationsList();
  const agreement = await askPeers(proposal, network, (ask) =>
    named.length > 0
      ? collectFromNamed(named, proposal, network, ask)
      : collectByPolicy(proposal, network, ask),
  );
  const response = new gateway.EndorseResponse();
  response.setPreparedTransaction(prepare(proposal, agreement, network));
  return response;
}

/** The transaction as the chain will hold it, without the client's signature. */
function prepare(
  proposal: Proposal,
  { result, endorsers }: Agreement,
  network: GatewayNetwork,
): common.Envelope {
  const endorsements = endorsers.map((endorser) => endorser.endorse(result.payload));
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(result.payload);
  endorsed.setEndorsementsList(endorsements);
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(proposal.publicPayload);
  actionPayload.setAction(endorsed);
  const action = new peer.TransactionAction();
  action.setHeader(proposal.header.getSignatureHeader_asU8());
  action.setPayload(actionPayload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.setActionsList([action]);
  const payload = new common.Payload();
  payload.setHeader(proposal.header);
  payload.setData(transaction.serializeBinary());
  const bytes = payload.serializeBinary();
  const content: TransactionContent = {
    chaincodeName: proposal.chaincodeName,
    sets: result.sets,
    event: result.event,
    responsePayload: result.payload,
    endorsements,
  };
  if (endorsers.length >= network.requiredEndorsements) {
    const header = headerFields(proposal.channelHeader, proposal.signatureHeader);
    network.prepared.add({ payload: bytes, header, content });
  }
  const envelope = new common.Envelope();
  envelope.setPayload(bytes);
  return envelope;
}
