import { randomUUID } from 'node:crypto';
import { peer } from '@hyperledger/fabric-protos';
import { NotSupportedError } from './notSupported.js';
import type { Modification } from './queryResponses.js';
import { encodeKeyValue, encodeModification, OpenQuery } from './queryResponses.js';
import type { RecordedScan, Simulator } from './simulator.js';

const { Type } = peer.ChaincodeMessage;

/** Reads the history of a key, newest first. */
export type HistoryReader = (key: string) => AsyncIterator<Modification>;

export interface TransactionContextOptions {
  readonly namespace: string;
  readonly simulator: Simulator;
  readonly history: HistoryReader;
  readonly queryLimit: number;
}

type Handler = (payload: Uint8Array) => Uint8Array | Promise<Uint8Array>;

const EMPTY = new Uint8Array();

/** Answers the requests of one running transaction function to its peer. */
export class TransactionContext {
  private readonly queries = new Map<string, OpenQuery>();
  private readonly handlers: ReadonlyMap<number, Handler>;

  constructor(private readonly options: TransactionContextOptions) {
    this.handlers = new Map<number, Handler>([
      [Type.GET_STATE, (payload) => this.getState(payload)],
      [Type.GET_STATE_MULTIPLE, (payload) => this.getStates(payload)],
      [Type.PUT_STATE, (payload) => this.putState(peer.PutState.deserializeBinary(payload))],
      [Type.DEL_STATE, (payload) => this.deleteState(peer.DelState.deserializeBinary(payload))],
      [Type.WRITE_BATCH_STATE, (payload) => this.writeBatch(payload)],
      [Type.GET_STATE_BY_RANGE, (payload) => this.openRange(payload)],
      [Type.GET_HISTORY_FOR_KEY, (payload) => this.openHistory(payload)],
      [Type.QUERY_STATE_NEXT, (payload) => this.nextOfQuery(payload)],
      [Type.QUERY_STATE_CLOSE, (payload) => this.closeQuery(payload)],
      [
        Type.GET_QUERY_RESULT,
        refuse('rich queries (getQueryResult)', 'use composite keys and range queries'),
      ],
      [
        Type.GET_STATE_METADATA,
        refuse('key-level endorsement', 'every key follows the policy of the chaincode'),
      ],
      [
        Type.PUT_STATE_METADATA,
        refuse('key-level endorsement', 'every key follows the policy of the chaincode'),
      ],
      [
        Type.GET_PRIVATE_DATA_HASH,
        refuse('private data', 'keep private values off the ledger and store their hash'),
      ],
      [
        Type.PURGE_PRIVATE_DATA,
        refuse('private data', 'keep private values off the ledger and store their hash'),
      ],
      [Type.INVOKE_CHAINCODE, refuse('calls to other chaincode', 'put the contracts into one chaincode')],
    ]);
  }

  /** @returns the payload of the answer. Throws errors whose text the chaincode receives. */
  async answer(message: peer.ChaincodeMessage): Promise<Uint8Array> {
    const handler = this.handlers.get(message.getType());
    if (handler === undefined) throw new Error(`message type ${String(message.getType())} cannot be handled`);
    return handler(message.getPayload_asU8());
  }

  async close(): Promise<void> {
    const open = [...this.queries.values()];
    this.queries.clear();
    await Promise.all(open.map((query) => query.close()));
  }

  private getState(payload: Uint8Array): Uint8Array {
    const request = peer.GetState.deserializeBinary(payload);
    refuseCollection(request.getCollection());
    return this.options.simulator.get(request.getKey()) ?? EMPTY;
  }

  private getStates(payload: Uint8Array): Uint8Array {
    const request = peer.GetStateMultiple.deserializeBinary(payload);
    refuseCollection(request.getCollection());
    const result = new peer.GetStateMultipleResult();
    result.setValuesList(request.getKeysList().map((key) => this.options.simulator.get(key) ?? EMPTY));
    return result.serializeBinary();
  }

  private putState(request: peer.PutState | peer.WriteRecord): Uint8Array {
    refuseCollection(request.getCollection());
    this.options.simulator.put(request.getKey(), request.getValue_asU8());
    return EMPTY;
  }

  private deleteState(request: peer.DelState | peer.WriteRecord): Uint8Array {
    refuseCollection(request.getCollection());
    this.options.simulator.delete(request.getKey());
    return EMPTY;
  }

  private writeBatch(payload: Uint8Array): Uint8Array {
    const Kind = peer.WriteRecord.Type;
    for (const record of peer.WriteBatchState.deserializeBinary(payload).getRecList()) {
      if (record.getType() === Kind.PUT_STATE) this.putState(record);
      else if (record.getType() === Kind.DEL_STATE) this.deleteState(record);
      else throw new NotSupportedError('key-level endorsement and private data', 'write plain keys only');
    }
    return EMPTY;
  }

  private async openRange(payload: Uint8Array): Promise<Uint8Array> {
    const request = peer.GetStateByRange.deserializeBinary(payload);
    refuseCollection(request.getCollection());
    const metadata = peer.QueryMetadata.deserializeBinary(request.getMetadata_asU8());
    const pageSize = metadata.getPagesize();
    const bookmark = metadata.getBookmark();
    const paginated = pageSize !== 0 || bookmark !== '';
    const start = paginated && bookmark !== '' ? bookmark : request.getStartkey();
    const scan = this.options.simulator.scan(start, request.getEndkey(), paginated ? pageSize : undefined);
    const { namespace, queryLimit } = this.options;
    const limit = pageSize > 0 ? Math.min(pageSize, queryLimit) : queryLimit;
    return this.open((id) => new OpenQuery(id, rangeSource(namespace, scan), limit, paginated));
  }

  private async openHistory(payload: Uint8Array): Promise<Uint8Array> {
    const request = peer.GetHistoryForKey.deserializeBinary(payload);
    const past = this.options.history(request.getKey());
    const source = {
      next: async () => {
        const found = await past.next();
        return found.done === true ? undefined : encodeModification(found.value);
      },
      bookmark: () => Promise.resolve(''),
      close: async () => {
        await past.return?.();
      },
    };
    return this.open((id) => new OpenQuery(id, source, this.options.queryLimit, false));
  }

  private async open(create: (id: string) => OpenQuery): Promise<Uint8Array> {
    const id = randomUUID();
    this.queries.set(id, create(id));
    return this.advance(id);
  }

  private async nextOfQuery(payload: Uint8Array): Promise<Uint8Array> {
    return this.advance(peer.QueryStateNext.deserializeBinary(payload).getId());
  }

  private async advance(id: string): Promise<Uint8Array> {
    const query = this.queries.get(id);
    if (query === undefined) throw new Error('query iterator not found');
    const { message, ended } = await query.nextMessage();
    if (ended) this.queries.delete(id);
    return message.serializeBinary();
  }

  private async closeQuery(payload: Uint8Array): Promise<Uint8Array> {
    const id = peer.QueryStateClose.deserializeBinary(payload).getId();
    const query = this.queries.get(id);
    this.queries.delete(id);
    await query?.close();
    const message = new peer.QueryResponse();
    message.setHasMore(false);
    message.setId(id);
    return message.serializeBinary();
  }
}

function rangeSource(namespace: string, scan: RecordedScan): ConstructorParameters<typeof OpenQuery>[1] {
  return {
    next: async () => {
      const record = await scan.next();
      return record && encodeKeyValue(namespace, record.key, record.value);
    },
    bookmark: () => scan.bookmark(),
    close: () => scan.close(),
  };
}

function refuse(what: string, instead: string): Handler {
  return () => {
    throw new NotSupportedError(what, instead);
  };
}

function refuseCollection(collection: string): void {
  if (collection !== '') {
    throw new NotSupportedError('private data', 'keep private values off the ledger and store their hash');
  }
}
