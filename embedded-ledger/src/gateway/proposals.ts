import { status } from '@grpc/grpc-js';
import type { peer } from '@hyperledger/fabric-protos';
import { requestedChaincode, unpackProposal } from '../peer/proposal.js';
import type { Proposal } from '../peer/proposal.js';
import { isSystemChaincode } from '../peer/systemChaincode.js';
import { messageOf } from '../errors.js';
import type { GatewayNetwork } from './network.js';
import { RpcError } from './rpcError.js';

/** @throws RpcError INVALID_ARGUMENT with Fabric's text for bytes that are not a proposal */
export function readProposal(
  signed: peer.SignedProposal | undefined,
  texts: { readonly missing: string; readonly prefix: string },
): Proposal {
  if (signed === undefined || signed.getProposalBytes_asU8().length === 0) {
    throw new RpcError(status.INVALID_ARGUMENT, `${texts.prefix}${texts.missing}`);
  }
  try {
    return unpackProposal(signed);
  } catch (error) {
    throw new RpcError(status.INVALID_ARGUMENT, `${texts.prefix}${messageOf(error)}`);
  }
}

/** Whether the channel is this one and a peer runs the chaincode that the payload names. */
export function isServed(proposal: Proposal, network: GatewayNetwork): boolean {
  const asked = requestedChaincode(proposal);
  const known = asked === network.chaincodeName || isSystemChaincode(asked);
  return known && proposal.channel === network.channel;
}

/** The gateway's text for a channel that its peer has not joined. */
export function unknownChannel(channel: string): string {
  return `failed to get config for channel [${channel}]: could not get last config for channel ${channel}`;
}
