import { status } from '@grpc/grpc-js';
import { gateway } from '@hyperledger/fabric-protos';
import type { peer } from '@hyperledger/fabric-protos';
import type { Endorser } from '../peer/endorser.js';
import type { Proposal } from '../peer/proposal.js';
import { SYSTEM_QUERY_CHAINCODE } from '../peer/proposalChecks.js';
import type { GatewayNetwork } from './network.js';
import { chaincodeErrorText, detailOf, readProposal, refusalOf } from './proposals.js';
import type { RpcErrorDetail } from './rpcError.js';
import { RpcError } from './rpcError.js';

/** Runs a transaction function on one peer and hands back its result; nothing is ordered. */
export async function evaluate(
  request: gateway.EvaluateRequest,
  network: GatewayNetwork,
): Promise<gateway.EvaluateResponse> {
  const proposal = readProposal(request.getProposedTransaction(), 'failed to unpack transaction proposal: ');
  const candidates = evaluators(proposal, request.getTargetOrganizationsList(), network);
  const [first] = candidates;
  const refusal = refusalOf(proposal, network);
  if (refusal !== undefined) {
    const detail = detailOf(first, refusal.message);
    if (refusal.stage === 'validation') throw returned(status.FAILED_PRECONDITION, refusal.message, [detail]);
    const text = 'failed to evaluate transaction, see attached details for more info';
    throw new RpcError(status.UNAVAILABLE, text, [detail]);
  }
  const response = await firstAnswer(proposal, candidates, network);
  const result = new gateway.EvaluateResponse();
  result.setResult(response);
  return result;
}

/** The peers that may be asked, the gateway's own organisation first. */
function evaluators(
  proposal: Proposal,
  organizations: readonly string[],
  network: GatewayNetwork,
): readonly [Endorser, ...Endorser[]] {
  const known = [network.chaincodeName, SYSTEM_QUERY_CHAINCODE].includes(proposal.chaincodeName);
  const asked = network.endorsers.filter(
    ({ mspId }) => organizations.length === 0 || organizations.includes(mspId),
  );
  const [first, ...others] = [...asked].sort(
    (left, right) => Number(right.available) - Number(left.available),
  );
  if (!known || proposal.channel !== network.channel || first === undefined) {
    const what = `chaincode ${proposal.chaincodeName} in channel ${proposal.channel}`;
    throw new RpcError(status.FAILED_PRECONDITION, `no peers available to evaluate ${what}`);
  }
  return [first, ...others];
}

/** Asks one peer after the other until one can run the transaction; an error of the contract is an answer. */
async function firstAnswer(
  proposal: Proposal,
  candidates: readonly Endorser[],
  network: GatewayNetwork,
): Promise<peer.Response> {
  if (proposal.chaincodeName === SYSTEM_QUERY_CHAINCODE) {
    const response = await network.systemQueries.invoke(proposal);
    return accepted(response, candidates[0]);
  }
  const details: RpcErrorDetail[] = [];
  const snapshot = network.chain.state.snapshot();
  try {
    for (const endorser of candidates) {
      const simulation = await endorser.simulate(proposal, snapshot);
      if (simulation.outcome !== 'failed') return accepted(simulation.response, endorser);
      details.push(detailOf(endorser, simulation.message));
    }
  } finally {
    snapshot.release();
  }
  throw new RpcError(
    status.ABORTED,
    'failed to evaluate transaction, see attached details for more info',
    details,
  );
}

function accepted(response: peer.Response, endorser: Endorser | undefined): peer.Response {
  if (response.getStatus() < 400) return response;
  const message = chaincodeErrorText(response);
  throw returned(status.UNKNOWN, message, endorser === undefined ? [] : [detailOf(endorser, message)]);
}

function returned(code: status, message: string, details: readonly RpcErrorDetail[]): RpcError {
  return new RpcError(code, `evaluate call to endorser returned error: ${message}`, details);
}
