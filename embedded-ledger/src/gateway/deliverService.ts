import type { ServerDuplexStream } from '@grpc/grpc-js';
import { common, orderer, peer } from '@hyperledger/fabric-protos';
import { readHeader } from '../commit/transaction.js';
import type { Chain } from '../store/chain.js';
import { isTimely } from '../peer/proposalChecks.js';
import type { Admission } from './admission.js';
import { isReader } from './authorization.js';
import { filterBlock } from './filteredBlock.js';
import type { GatewayNetwork } from './network.js';
import { readingRequests } from './requestBytes.js';
import { toServiceError } from './rpcError.js';
import { cancellationOf, writeTo } from './streams.js';

type DeliverStream = ServerDuplexStream<common.Envelope, peer.DeliverResponse>;
type BlockResponse = (block: common.Block, channel: string) => peer.DeliverResponse;
type Status = common.StatusMap[keyof common.StatusMap];

const { Status } = common;
const { SeekBehavior } = orderer.SeekInfo;

const MAX_SEEK_BYTES = 1024 * 1024;

/** Requests queue in a stream. A request that is too large is not kept; it becomes a bad request. */
export const DELIVER_SERVICE = readingRequests(
  peer.DeliverService,
  (read) => (bytes) => (bytes.length > MAX_SEEK_BYTES ? new common.Envelope() : read(bytes)),
);

/**
 * Fabric's Deliver service of a peer: whole blocks, filtered blocks, or blocks with private data (always empty here).
 */
export function createDeliverService(network: GatewayNetwork, admission: Admission): peer.IDeliverServer {
  const serve = (respond: BlockResponse) => (call: DeliverStream) => {
    void deliver(call, network, respond, admission);
  };
  return {
    deliver: serve((block) => {
      const response = new peer.DeliverResponse();
      response.setBlock(block);
      return response;
    }),
    deliverFiltered: serve((block, channel) => {
      const response = new peer.DeliverResponse();
      response.setFilteredBlock(filterBlock(block, channel));
      return response;
    }),
    deliverWithPrivateData: serve((block) => {
      const whole = new peer.BlockAndPrivateData();
      whole.setBlock(block);
      const response = new peer.DeliverResponse();
      response.setBlockAndPrivateData(whole);
      return response;
    }),
  };
}

/** Handles one request after another while each ends well. Leaving the iterator early would cut off unsent messages. */
async function deliver(
  call: DeliverStream,
  network: GatewayNetwork,
  respond: BlockResponse,
  admission: Admission,
): Promise<void> {
  const cancelled = cancellationOf(call);
  const requests = (call as AsyncIterable<common.Envelope>)[Symbol.asyncIterator]();
  const send = (block: common.Block): Promise<void> =>
    writeTo(call, respond(block, network.channel), cancelled);
  let leave: (() => void) | undefined;
  try {
    leave = admission.enter();
    for (let next = await requests.next(); next.done !== true; next = await requests.next()) {
      const status = await deliverBlocks(next.value, network, cancelled, send);
      const response = new peer.DeliverResponse();
      response.setStatus(status);
      await writeTo(call, response, cancelled);
      if (status !== Status.SUCCESS) break;
    }
    call.end();
  } catch (error) {
    if (!cancelled.aborted) call.emit('error', toServiceError(error));
  } finally {
    leave?.();
  }
}

async function deliverBlocks(
  envelope: common.Envelope,
  network: GatewayNetwork,
  cancelled: AbortSignal,
  send: (block: common.Block) => Promise<void>,
): Promise<Status> {
  const request = readRequest(envelope, network);
  if (typeof request === 'number') return request;
  const { first, last, wait } = request;
  for (let number = first; number <= last; number++) {
    if (!wait && number >= network.chain.height) return Status.NOT_FOUND;
    await network.chain.waitFor(number, cancelled);
    const block = await network.chain.readBlock(number);
    if (block === undefined) return Status.INTERNAL_SERVER_ERROR;
    await send(block);
  }
  return Status.SUCCESS;
}

interface BlockRange {
  readonly first: number;
  readonly last: number;
  /** Whether to wait for blocks that do not exist yet. */
  readonly wait: boolean;
}

/** @returns the requested range, or the status that refuses it */
function readRequest(envelope: common.Envelope, network: GatewayNetwork): BlockRange | Status {
  const payload = envelope.getPayload_asU8();
  const header = readHeader(payload)?.fields;
  if (header === undefined || !isTimely(header.timestamp, network.now())) return Status.BAD_REQUEST;
  if (header.channel !== network.channel) return Status.NOT_FOUND;
  const signature = envelope.getSignature_asU8();
  const signed = { channel: header.channel, identity: header.creator, data: payload, signature, network };
  if (!isReader(signed) || hasExpired(header.creator, network)) return Status.FORBIDDEN;
  try {
    const seek = orderer.SeekInfo.deserializeBinary(common.Payload.deserializeBinary(payload).getData_asU8());
    return rangeOf(seek, network.chain) ?? Status.BAD_REQUEST;
  } catch {
    return Status.BAD_REQUEST;
  }
}

function hasExpired(creator: Uint8Array, network: GatewayNetwork): boolean {
  return (network.membership.find(creator)?.expiresAt.getTime() ?? 0) < network.now();
}

function rangeOf(seek: orderer.SeekInfo, chain: Chain): BlockRange | undefined {
  const start = seek.getStart();
  const stop = seek.getStop();
  if (start === undefined || stop === undefined) return undefined;
  const first = positionOf(start, chain, chain.height);
  const last = positionOf(stop, chain, Number.MAX_SAFE_INTEGER, first);
  if (last < first) return undefined;
  return { first, last, wait: seek.getBehavior() === SeekBehavior.BLOCK_UNTIL_READY };
}

/** @param oldest the block that "oldest" means: 0 as a start, the first block sent as a stop */
function positionOf(position: orderer.SeekPosition, chain: Chain, next: number, oldest = 0): number {
  if (position.hasOldest()) return oldest;
  if (position.hasNewest()) return chain.height - 1;
  const specified = position.getSpecified();
  return specified === undefined ? next : specified.getNumber();
}
