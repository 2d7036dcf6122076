import type { Network } from '@hyperledger/fabric-gateway';
import { throwIfAborted } from '../errors/abort.js';
import { type Backoff, backoffMs, pause } from '../errors/backoff.js';
import { streamOptions } from './callOptions.js';
import { ledgerError } from './failure.js';
import type { OpenStreams } from './openStreams.js';
import type { CallContext, ChaincodeEvent, EventPosition } from './types.js';

export interface EventSource {
  readonly network: Network;
  readonly streams: OpenStreams;
  /** Waits for a connection; its error ends the wait, not the stream. */
  ready(): Promise<void>;
}

/** Faults that pass while one waits: the stream is opened again where it broke off. */
const passing: ReadonlySet<string> = new Set(['VT8101', 'VT8102', 'VT8105', 'VT8109', 'VT8110']);

/** Answers that will not change by asking again. */
const lasting: ReadonlySet<unknown> = new Set([
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'FAILED_PRECONDITION',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
]);

/**
 * All events of the chaincode after a position, in block order, for as long as the caller reads. When the stream breaks
 * it is opened again after the last event that was handed out, so none is lost and none is repeated.
 *
 * @throws ACCESS_DENIED, CALL_FAILED for what will not change by asking again, ABORTED when the signal fires or
 * the connection is closed.
 */
export async function* followEvents(
  source: EventSource,
  chaincode: string,
  after: EventPosition,
  backoff: Backoff,
  context: CallContext,
): AsyncGenerator<ChaincodeEvent, void, undefined> {
  let position = after;
  for (let failures = 0; ; failures += 1) {
    try {
      await source.ready();
      for await (const event of oneStream(source, chaincode, position, context)) {
        failures = 0;
        position = { blockNumber: event.blockNumber, transactionId: event.transactionId };
        yield event;
      }
      throwIfAborted(context.signal);
    } catch (error) {
      const failure = ledgerError(error, context);
      if (!passing.has(failure.code) || lasting.has(failure.facts.grpcStatus)) throw failure;
    }
    await pause(backoffMs(failures, backoff), context.signal);
  }
}

async function* oneStream(
  { network, streams }: EventSource,
  chaincode: string,
  { blockNumber, transactionId }: EventPosition,
  { signal }: CallContext,
): AsyncGenerator<ChaincodeEvent, void, undefined> {
  const checkpoint = { getBlockNumber: () => blockNumber, getTransactionId: () => transactionId };
  const request = network.newChaincodeEventsRequest(chaincode, { checkpoint });
  const events = await request.getEvents(streamOptions(signal));
  streams.add(events);
  try {
    for await (const { blockNumber, transactionId, eventName, payload } of events)
      yield { blockNumber, transactionId, eventName, payload };
  } finally {
    streams.close(events);
  }
}
