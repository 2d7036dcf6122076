import { status } from '@grpc/grpc-js';
import type { peer } from '@hyperledger/fabric-protos';
import type { Endorser } from '../peer/endorser.js';
import { unpackProposal } from '../peer/proposal.js';
import type { Proposal } from '../peer/proposal.js';
import { checkProposal, ProposalRefusedError } from '../peer/proposalChecks.js';
import { messageOf } from '../errors.js';
import type { GatewayNetwork } from './network.js';
import type { RpcErrorDetail } from './rpcError.js';
import { RpcError } from './rpcError.js';

/** @throws RpcError INVALID_ARGUMENT for bytes that are no proposal */
export function readProposal(signed: peer.SignedProposal | undefined, prefix: string): Proposal {
  try {
    return unpackProposal(signed);
  } catch (error) {
    throw new RpcError(status.INVALID_ARGUMENT, `${prefix}${messageOf(error)}`);
  }
}

/** A peer's refusal of the proposal, or undefined when it would run it. */
export function refusalOf(proposal: Proposal, network: GatewayNetwork): ProposalRefusedError | undefined {
  try {
    checkProposal(proposal, {
      membership: network.membership,
      transactionExists: (id) => network.chain.state.transaction(id) !== undefined,
      now: network.now,
    });
    return undefined;
  } catch (error) {
    if (error instanceof ProposalRefusedError) return error;
    throw error;
  }
}

export function detailOf(endorser: Endorser, message: string): RpcErrorDetail {
  return { address: endorser.address, mspId: endorser.mspId, message };
}

/** What a peer says of a chaincode's own error response. */
export function chaincodeErrorText(response: peer.Response): string {
  return `chaincode response ${String(response.getStatus())}, ${response.getMessage()}`;
}
