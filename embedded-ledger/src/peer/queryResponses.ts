import { ledger, peer } from '@hyperledger/fabric-protos';
import type { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb.js';

/** Maximum number of results in one message to the chaincode. */
const RESULTS_PER_MESSAGE = 100;

/** One open query of a transaction: the source of its results, in the shim's encoding. */
export interface QuerySource {
  next(): Promise<Uint8Array | undefined>;
  /** The start of the next page. Only paginated queries need it. */
  bookmark(): Promise<string>;
  close(): Promise<void>;
}

/**
 * Splits a query's results into messages as a peer does. It reads one result beyond a full message, and that result
 * counts as read.
 */
export class OpenQuery {
  private pending: Uint8Array[] = [];
  private returned = 0;

  constructor(
    private readonly id: string,
    private readonly source: QuerySource,
    private readonly limit: number,
    private readonly paginated: boolean,
  ) {}

  /** @returns the next message, and whether the query ended with it */
  async nextMessage(): Promise<{ readonly message: peer.QueryResponse; readonly ended: boolean }> {
    while (this.returned < this.limit) {
      const result = await this.source.next();
      if (result === undefined) break;
      this.returned++;
      if (!this.paginated && this.pending.length === RESULTS_PER_MESSAGE) {
        const message = this.cut(true);
        this.pending.push(result);
        return { message, ended: false };
      }
      this.pending.push(result);
    }
    const message = this.cut(false);
    if (this.paginated) message.setMetadata(await this.pageMetadata());
    await this.close();
    return { message, ended: true };
  }

  async close(): Promise<void> {
    await this.source.close();
  }

  private cut(hasMore: boolean): peer.QueryResponse {
    const message = new peer.QueryResponse();
    message.setResultsList(
      this.pending.map((bytes) => {
        const result = new peer.QueryResultBytes();
        result.setResultbytes(bytes);
        return result;
      }),
    );
    message.setHasMore(hasMore);
    message.setId(this.id);
    this.pending = [];
    return message;
  }

  private async pageMetadata(): Promise<Uint8Array> {
    const metadata = new peer.QueryResponseMetadata();
    metadata.setFetchedRecordsCount(this.returned);
    metadata.setBookmark(await this.source.bookmark());
    return metadata.serializeBinary();
  }
}

export function encodeKeyValue(namespace: string, key: string, value: Uint8Array): Uint8Array {
  const record = new ledger.queryresult.KV();
  record.setNamespace(namespace);
  record.setKey(key);
  record.setValue(value);
  return record.serializeBinary();
}

export interface Modification {
  readonly transactionId: string;
  readonly timestamp: Timestamp | undefined;
  /** Undefined if the transaction deleted the key. */
  readonly value: Uint8Array | undefined;
}

export function encodeModification(modification: Modification): Uint8Array {
  const record = new ledger.queryresult.KeyModification();
  record.setTxId(modification.transactionId);
  if (modification.timestamp !== undefined) record.setTimestamp(modification.timestamp);
  record.setIsDelete(modification.value === undefined);
  if (modification.value !== undefined) record.setValue(modification.value);
  return record.serializeBinary();
}
