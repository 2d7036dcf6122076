import { status } from '@grpc/grpc-js';
import { gateway } from '@hyperledger/fabric-protos';
import { authorizeReader } from './authorization.js';
import type { CommitResult } from './commitWaiters.js';
import type { GatewayNetwork } from './network.js';
import { RpcError } from './rpcError.js';

/** Registers a listener for the client's cancellation. */
export type OnCancelled = (listener: () => void) => void;

/** Returns a transaction's outcome. Waits until it is committed or the client cancels. */
export async function commitStatus(
  signed: gateway.SignedCommitStatusRequest,
  network: GatewayNetwork,
  onCancelled: OnCancelled,
): Promise<gateway.CommitStatusResponse> {
  const request = readRequest(signed);
  authorizeReader({
    channel: request.getChannelId(),
    identity: request.getIdentity_asU8(),
    data: signed.getRequest_asU8(),
    signature: signed.getSignature_asU8(),
    network,
  });
  const { code, block } = await result(request.getTransactionId(), network, onCancelled);
  const response = new gateway.CommitStatusResponse();
  response.setResult(code as ReturnType<gateway.CommitStatusResponse['getResult']>);
  response.setBlockNumber(block);
  return response;
}

function readRequest(signed: gateway.SignedCommitStatusRequest): gateway.CommitStatusRequest {
  if (signed.getRequest_asU8().length === 0) throw invalid('a commit status request is required');
  let request: gateway.CommitStatusRequest;
  try {
    request = gateway.CommitStatusRequest.deserializeBinary(signed.getRequest_asU8());
  } catch {
    throw invalid('invalid status request: proto: cannot parse invalid wire-format data');
  }
  if (request.getIdentity_asU8().length === 0) throw invalid('no identity provided');
  if (request.getChannelId() === '') throw invalid('no channel ID provided');
  if (request.getTransactionId() === '') throw invalid('transaction ID should not be empty');
  return request;
}

function invalid(message: string): RpcError {
  return new RpcError(status.INVALID_ARGUMENT, message);
}

async function result(id: string, network: GatewayNetwork, onCancelled: OnCancelled): Promise<CommitResult> {
  const entry = network.chain.state.transaction(id);
  if (entry !== undefined) return entry;
  return new Promise((resolve, reject) => {
    const stop = network.waiters.add(id, resolve);
    onCancelled(() => {
      stop();
      reject(new RpcError(status.CANCELLED, 'context canceled'));
    });
  });
}
