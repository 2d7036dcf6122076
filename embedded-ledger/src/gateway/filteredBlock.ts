import { common, peer } from '@hyperledger/fabric-protos';
import type { BlockEntry } from '../commit/blockContent.js';
import { contentOf, entriesOf } from '../commit/blockContent.js';

/** A block as DeliverFiltered sends it: ids, codes and events without payloads. */
export function filterBlock(block: common.Block, channel: string): peer.FilteredBlock {
  const filtered = new peer.FilteredBlock();
  filtered.setChannelId(channel);
  filtered.setNumber(block.getHeader()?.getNumber() ?? 0);
  filtered.setFilteredTransactionsList(entriesOf(block).map(filterEntry));
  return filtered;
}

function filterEntry(entry: BlockEntry): peer.FilteredTransaction {
  const transaction = new peer.FilteredTransaction();
  transaction.setTxid(entry.header.transactionId);
  transaction.setType(entry.header.type as ReturnType<peer.FilteredTransaction['getType']>);
  transaction.setTxValidationCode(entry.code as ReturnType<peer.FilteredTransaction['getTxValidationCode']>);
  if (entry.header.type !== common.HeaderType.ENDORSER_TRANSACTION) return transaction;
  const actions = new peer.FilteredTransactionActions();
  const event = contentOf(entry)?.event;
  if (event !== undefined) {
    const shown = event.clone();
    shown.setPayload(new Uint8Array());
    const action = new peer.FilteredChaincodeAction();
    action.setChaincodeEvent(shown);
    actions.setChaincodeActionsList([action]);
  }
  transaction.setTransactionActions(actions);
  return transaction;
}
