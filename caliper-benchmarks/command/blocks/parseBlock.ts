import { common, ledger, peer } from '@hyperledger/fabric-protos';
import type { KeyRead, LedgerBlock, LedgerTransaction, RangeRead } from './ledgerBlock.js';

const { rwset } = ledger;
const { kvrwset } = rwset;
type KeySets = InstanceType<typeof kvrwset.KVRWSet>;
type ReadMessage = InstanceType<typeof kvrwset.KVRead>;

/**
 * Parses a block's transactions without checking signatures or endorsements.
 * @throws Error for bytes that are not a Fabric block
 */
export function parseBlock(block: common.Block): LedgerBlock {
  const number = block.getHeader()?.getNumber() ?? 0;
  const codes =
    block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER] ??
    new Uint8Array();
  const envelopes = block.getData()?.getDataList_asU8() ?? [];
  return {
    number,
    bytes: block.serializeBinary().length,
    transactions: envelopes.flatMap((bytes, position) => {
      const content = parseEnvelope(bytes);
      if (content === undefined) return [];
      const code = codes[position] ?? peer.TxValidationCode.NOT_VALIDATED;
      return [{ ...content, block: number, position, code, bytes: bytes.length }];
    }),
  };
}

type EnvelopeContent = Omit<LedgerTransaction, 'block' | 'position' | 'code' | 'bytes'>;

/** @returns undefined unless it is an endorser transaction */
function parseEnvelope(bytes: Uint8Array): EnvelopeContent | undefined {
  const payload = common.Payload.deserializeBinary(
    common.Envelope.deserializeBinary(bytes).getPayload_asU8(),
  );
  const header = common.ChannelHeader.deserializeBinary(
    payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array(),
  );
  if (header.getType() !== common.HeaderType.ENDORSER_TRANSACTION) return undefined;
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  const actionPayload = peer.ChaincodeActionPayload.deserializeBinary(
    action?.getPayload_asU8() ?? new Uint8Array(),
  );
  const { chaincode, name } = calledBy(actionPayload.getChaincodeProposalPayload_asU8());
  const keys = keySetsOf(
    actionPayload.getAction()?.getProposalResponsePayload_asU8() ?? new Uint8Array(),
    chaincode,
  );
  const colon = name.indexOf(':');
  return {
    id: header.getTxId(),
    chaincode,
    contract: name.slice(0, Math.max(0, colon)),
    function: name.slice(colon + 1),
    reads: keys.getReadsList().map(parseRead),
    ranges: keys.getRangeQueriesInfoList().map((range): RangeRead => ({
      startKey: range.getStartKey(),
      endKey: range.getEndKey(),
    })),
    // As in Fabric, an empty value deletes the key.
    writes: keys.getWritesList().map((write) => {
      const value = write.getValue_asU8();
      return { key: write.getKey(), value: write.getIsDelete() || value.length === 0 ? null : value };
    }),
  };
}

/** The chaincode and the function that the client's proposal names. */
function calledBy(proposalPayload: Uint8Array): { chaincode: string; name: string } {
  const { ChaincodeProposalPayload, ChaincodeInvocationSpec } = peer;
  const input = ChaincodeProposalPayload.deserializeBinary(proposalPayload).getInput_asU8();
  const spec = ChaincodeInvocationSpec.deserializeBinary(input).getChaincodeSpec();
  const [name = new Uint8Array()] = spec?.getInput()?.getArgsList_asU8() ?? [];
  return {
    chaincode: spec?.getChaincodeId()?.getName() ?? '',
    name: Buffer.from(name).toString('utf8'),
  };
}

function keySetsOf(responsePayload: Uint8Array, chaincode: string): KeySets {
  const extension = peer.ProposalResponsePayload.deserializeBinary(responsePayload).getExtension_asU8();
  const results = peer.ChaincodeAction.deserializeBinary(extension).getResults_asU8();
  const own = rwset.TxReadWriteSet.deserializeBinary(results)
    .getNsRwsetList()
    .find((set) => set.getNamespace() === chaincode);
  return kvrwset.KVRWSet.deserializeBinary(own?.getRwset_asU8() ?? new Uint8Array());
}

function parseRead(message: ReadMessage): KeyRead {
  const version = message.getVersion();
  return {
    key: message.getKey(),
    version: version === undefined ? null : { block: version.getBlockNum(), position: version.getTxNum() },
  };
}
