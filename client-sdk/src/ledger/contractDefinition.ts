import { type common, peer } from '@hyperledger/fabric-protos';
import { type EndorsementPolicy, readEndorsementPolicy, readPolicy } from './endorsementPolicy.js';

/** What the organisations of a channel have agreed on about a contract. */
export interface ContractDefinition {
  /** Its version, by the words of who defined it. */
  readonly version: string;
  /** Counts the definitions of this contract, from 1. */
  readonly sequence: number;
  /** Who can write and who can veto; undefined for a policy that organisations alone do not tell. */
  readonly endorsement: EndorsementPolicy | undefined;
  /** Likewise who can define the contract anew, as another program or under another policy. */
  readonly redefinition: EndorsementPolicy | undefined;
}

/** The argument of `_lifecycle`'s QueryChaincodeDefinition. */
export function definitionQuestion(chaincode: string): Uint8Array {
  const question = new peer.lifecycle.QueryChaincodeDefinitionArgs();
  question.setName(chaincode);
  return question.serializeBinary();
}

/** Reads `_lifecycle`'s answer beside the application part of the channel's configuration. */
export function readContractDefinition(
  answer: Uint8Array,
  application: common.ConfigGroup,
): ContractDefinition {
  const definition = peer.lifecycle.QueryChaincodeDefinitionResult.deserializeBinary(answer);
  return {
    version: definition.getVersion(),
    sequence: definition.getSequence(),
    endorsement: readEndorsementPolicy(definition.getValidationParameter_asU8(), application),
    redefinition: readPolicy('LifecycleEndorsement', application),
  };
}
