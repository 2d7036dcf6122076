import { common, peer } from '@hyperledger/fabric-protos';
import type { AskedOf } from './lyingGateway.js';

/**
 * A prepared transaction that a careless client signs, and peers then take for the proposal of another call: field 1 of a
 * transaction holds its actions, of which the stock client reads the first; field 1 of a proposal's payload is the call, of
 * which the last one counts.
 */
export function polyglot(
  { chaincode }: AskedOf,
  honest: Uint8Array,
  name: string,
  input: object,
): Uint8Array {
  const payload = common.Payload.deserializeBinary(honest);
  const transaction = peer.Transaction.deserializeBinary(payload.getData_asU8());
  const chaincodeId = new peer.ChaincodeID();
  chaincodeId.setName(chaincode);
  const args = new peer.ChaincodeInput();
  args.setArgsList([Buffer.from(name), Buffer.from(JSON.stringify(input))]);
  const spec = new peer.ChaincodeSpec();
  spec.setChaincodeId(chaincodeId);
  spec.setInput(args);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const call = new peer.ChaincodeProposalPayload();
  call.setInput(invocation.serializeBinary());
  payload.setData(Buffer.concat([transaction.serializeBinary(), call.serializeBinary()]));
  return payload.serializeBinary();
}
