import { status } from '@grpc/grpc-js';
import { gateway } from '@hyperledger/fabric-protos';
import type { peer } from '@hyperledger/fabric-protos';
import type { Endorser } from '../peer/endorser.js';
import { requestedChaincode } from '../peer/proposal.js';
import type { Proposal } from '../peer/proposal.js';
import type { GatewayNetwork } from './network.js';
import type { AskPeer, Declined } from './peerAnswer.js';
import { askPeers, detailOf } from './peerAnswer.js';
import { isServed, readProposal, unknownChannel } from './proposals.js';
import { RpcError } from './rpcError.js';

const TEXTS = {
  prefix: 'failed to unpack transaction proposal: ',
  missing: 'a signed proposal is required',
};

/** Runs a transaction function on one peer and returns its result without ordering it. */
export async function evaluate(
  request: gateway.EvaluateRequest,
  network: GatewayNetwork,
): Promise<gateway.EvaluateResponse> {
  const proposal = readProposal(request.getProposedTransaction(), TEXTS);
  checkAddress(proposal, network);
  const candidates = evaluators(proposal, request.getTargetOrganizationsList(), network);
  const response = await askPeers(proposal, network, (ask) => firstAnswer(ask, candidates));
  const result = new gateway.EvaluateResponse();
  result.setResult(response);
  return result;
}

function checkAddress({ channel, specification }: Proposal, network: GatewayNetwork): void {
  const inChannel = `is provided, channel id [${channel}]`;
  const invalid = (what: string): RpcError => new RpcError(status.INVALID_ARGUMENT, `${TEXTS.prefix}${what}`);
  if (channel === '') throw invalid('no channel id provided');
  if (specification === undefined) throw invalid(`no chaincode spec ${inChannel}`);
  const id = specification.getChaincodeId();
  if (id === undefined) throw invalid(`no chaincode id ${inChannel}`);
  if (id.getName() === '') throw invalid(`no chaincode name ${inChannel}`);
  if (channel !== network.channel) throw new RpcError(status.UNAVAILABLE, unknownChannel(channel));
}

/** The candidate peers: ready ones first, and among those the gateway's own organisation. */
function evaluators(
  proposal: Proposal,
  organizations: readonly string[],
  network: GatewayNetwork,
): readonly Endorser[] {
  const asked = network.endorsers.filter(
    ({ mspId }) => organizations.length === 0 || organizations.includes(mspId),
  );
  if (!isServed(proposal, network) || asked.length === 0) {
    const what = `chaincode ${requestedChaincode(proposal)} in channel ${proposal.channel}`;
    throw new RpcError(status.FAILED_PRECONDITION, `no peers available to evaluate ${what}`);
  }
  return asked.sort((left, right) => Number(right.available) - Number(left.available));
}

/** Asks one peer after another until one can run the transaction. An error of the contract is an answer. */
async function firstAnswer(ask: AskPeer, candidates: readonly Endorser[]): Promise<peer.Response> {
  const declined: Declined[] = [];
  for (const endorser of candidates) {
    const answer = await ask(endorser);
    if (answer.outcome === 'accepted') return answer.response;
    declined.push(answer);
    if (answer.final) {
      const text = `evaluate call to endorser returned error: ${answer.message}`;
      throw new RpcError(answer.code, text, declined.map(detailOf));
    }
  }
  const text = 'failed to evaluate transaction, see attached details for more info';
  throw new RpcError(declined.at(-1)?.code ?? status.UNAVAILABLE, text, declined.map(detailOf));
}
