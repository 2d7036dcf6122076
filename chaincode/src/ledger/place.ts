import { ChaincodeHeaderExtension } from '@hyperledger/fabric-protos/lib/peer/proposal_pb';
import type { ChaincodeStub } from 'fabric-shim-api';
import { ContractError, type LedgerContext } from '../domain/index.js';

interface ProposalHeader {
  readonly channelHeader?: { getExtension_asU8(): Uint8Array };
}

/**
 * The channel and chaincode name of the signed proposal. The name comes from the signed channel header, by which the
 * peer chose this chaincode. In a call from another chaincode the header has that chaincode's name.
 */
export function placeOf(stub: ChaincodeStub): LedgerContext {
  const header = stub.getSignedProposal().proposal.header as unknown as ProposalHeader | undefined;
  const extension = header?.channelHeader?.getExtension_asU8();
  const chaincode =
    extension && ChaincodeHeaderExtension.deserializeBinary(extension).getChaincodeId()?.getName();
  if (chaincode === undefined || chaincode === '') {
    throw new ContractError('WRONG_CHAINCODE', 'The proposal names no chaincode.');
  }
  return { channel: stub.getChannelID(), chaincode };
}
