import { status } from '@grpc/grpc-js';
import { gateway } from '@hyperledger/fabric-protos';
import type { orderer, peer } from '@hyperledger/fabric-protos';
import { authorizeReader } from './authorization.js';
import type { BlockEvents } from './blockEvents.js';
import type { GatewayNetwork } from './network.js';
import { RpcError } from './rpcError.js';

/** Streams the chaincode's events block by block, from the client's start position, until the signal aborts. */
export async function* chaincodeEvents(
  signed: gateway.SignedChaincodeEventsRequest,
  network: GatewayNetwork,
  events: BlockEvents,
  cancelled: AbortSignal,
): AsyncGenerator<gateway.ChaincodeEventsResponse, void> {
  const request = readRequest(signed);
  authorizeReader({
    channel: request.getChannelId(),
    identity: request.getIdentity_asU8(),
    data: signed.getRequest_asU8(),
    signature: signed.getSignature_asU8(),
    network,
  });
  const matches = matcherOf(request);
  for (let number = startBlock(request, network); !cancelled.aborted; number++) {
    await network.chain.waitFor(number, cancelled);
    const matching = (await events.of(number)).filter(matches);
    if (matching.length === 0) continue;
    const response = new gateway.ChaincodeEventsResponse();
    response.setBlockNumber(number);
    response.setEventsList(matching);
    yield response;
  }
}

function readRequest(signed: gateway.SignedChaincodeEventsRequest): gateway.ChaincodeEventsRequest {
  if (signed.getRequest_asU8().length === 0) {
    throw new RpcError(status.INVALID_ARGUMENT, 'a chaincode events request is required');
  }
  try {
    return gateway.ChaincodeEventsRequest.deserializeBinary(signed.getRequest_asU8());
  } catch {
    const why = 'proto: cannot parse invalid wire-format data';
    throw new RpcError(status.INVALID_ARGUMENT, `invalid chaincode events request: ${why}`);
  }
}

/** After a named transaction, only later events count, in its block and the following ones. */
function matcherOf(request: gateway.ChaincodeEventsRequest): (event: peer.ChaincodeEvent) => boolean {
  const chaincode = request.getChaincodeId();
  const after = request.getAfterTransactionId();
  let passed = after === '';
  return (event) => {
    if (passed) return event.getChaincodeId() === chaincode;
    passed = event.getTxId() === after;
    return false;
  };
}

function startBlock(request: gateway.ChaincodeEventsRequest, network: GatewayNetwork): number {
  const after = network.chain.state.transaction(request.getAfterTransactionId());
  if (after !== undefined) return after.block;
  const position = request.getStartPosition();
  if (position?.hasSpecified() === true) return position.getSpecified()?.getNumber() ?? 0;
  const end = namedEnd(position);
  if (end === undefined) return network.chain.height;
  const text = `invalid start position type: *orderer.SeekPosition_${end}`;
  throw new RpcError(status.INVALID_ARGUMENT, text);
}

function namedEnd(position: orderer.SeekPosition | undefined): 'Oldest' | 'Newest' | undefined {
  if (position?.hasOldest() === true) return 'Oldest';
  return position?.hasNewest() === true ? 'Newest' : undefined;
}
