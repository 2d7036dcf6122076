import { common, gateway as gatewayProtos, peer } from '@hyperledger/fabric-protos';
import type { Transaction } from '@hyperledger/fabric-gateway';
import type { NetworkUnderTest } from './network.js';

/** The parts of a prepared transaction that a dishonest client might change. */
export interface Prepared {
  readonly action: peer.ChaincodeEndorsedAction;
  readonly proposed: peer.ChaincodeActionPayload;
}

/** The transaction with something changed after its endorsement, signed by the client over what it then says. */
export async function changedTransaction(
  under: NetworkUnderTest,
  transaction: Transaction,
  change: (prepared: Prepared) => void,
): Promise<Transaction> {
  const prepared = gatewayProtos.PreparedTransaction.deserializeBinary(transaction.getBytes());
  const envelope = prepared.getEnvelope()!;
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  const content = peer.Transaction.deserializeBinary(payload.getData_asU8());
  const [only] = content.getActionsList();
  const proposed = peer.ChaincodeActionPayload.deserializeBinary(only!.getPayload_asU8());
  change({ action: proposed.getAction()!, proposed });
  only!.setPayload(proposed.serializeBinary());
  payload.setData(content.serializeBinary());
  const bytes = payload.serializeBinary();
  envelope.setPayload(bytes);
  return under.gateway.newSignedTransaction(prepared.serializeBinary(), await under.sign(bytes));
}

/** The bytes with the first occurrence of a text written in capitals: of the same length, still well formed. */
export function capitalised(bytes: Uint8Array, text: string): Uint8Array {
  const changed = Buffer.from(bytes);
  const at = changed.indexOf(text);
  if (at < 0) throw new Error(`no ${text} in these bytes`);
  changed.write(text.toUpperCase(), at);
  return changed;
}
