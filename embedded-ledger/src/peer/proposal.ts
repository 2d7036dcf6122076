import { common, peer } from '@hyperledger/fabric-protos';
import { sha256 } from '../hashing.js';

/** A parsed signed proposal. */
export interface Proposal {
  readonly signed: peer.SignedProposal;
  readonly header: common.Header;
  readonly channelHeader: common.ChannelHeader;
  readonly signatureHeader: common.SignatureHeader;
  readonly channel: string;
  readonly transactionId: string;
  /** The payload's specification. The gateway looks for peers that run the chaincode named here. */
  readonly specification: peer.ChaincodeSpec | undefined;
  /** The chaincode that the header names. Peers run this one. */
  readonly chaincodeName: string;
  readonly input: peer.ChaincodeInput;
  /** The part that a peer misses before any other check; undefined if the proposal is complete. */
  readonly incomplete: string | undefined;
  /** The proposal's payload in the transaction: without the transient map. */
  readonly publicPayload: Uint8Array;
  /** SHA-256(channel header ‖ signature header ‖ public payload), which endorsers sign. */
  readonly hash: Uint8Array;
}

/** Thrown for bytes that are not a proposal. The client receives the text. */
class MalformedProposalError extends Error {
  override readonly name = 'MalformedProposalError';
}

/** @throws MalformedProposalError */
export function unpackProposal(signed: peer.SignedProposal): Proposal {
  const proposal = decode('Proposal', () => peer.Proposal.deserializeBinary(signed.getProposalBytes_asU8()));
  const header = decode('Header', () => common.Header.deserializeBinary(proposal.getHeader_asU8()));
  const channelHeader = decode('ChannelHeader', () =>
    common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8()),
  );
  const signatureHeader = decode('SignatureHeader', () =>
    common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8()),
  );
  const payload = decode('ChaincodeProposalPayload', () =>
    peer.ChaincodeProposalPayload.deserializeBinary(proposal.getPayload_asU8()),
  );
  const invocation = decode('ChaincodeInvocationSpec', () =>
    peer.ChaincodeInvocationSpec.deserializeBinary(payload.getInput_asU8()),
  );
  const extension = decode('ChaincodeHeaderExtension', () =>
    peer.ChaincodeHeaderExtension.deserializeBinary(channelHeader.getExtension_asU8()),
  );
  const specification = invocation.getChaincodeSpec();
  const publicPayload = withoutTransientMap(payload);
  return {
    signed,
    header,
    channelHeader,
    signatureHeader,
    channel: channelHeader.getChannelId(),
    transactionId: channelHeader.getTxId(),
    specification,
    chaincodeName: extension.getChaincodeId()?.getName() ?? '',
    input: specification?.getInput() ?? new peer.ChaincodeInput(),
    incomplete: missingPart(extension, specification),
    publicPayload,
    hash: sha256(header.getChannelHeader_asU8(), header.getSignatureHeader_asU8(), publicPayload),
  };
}

/** The chaincode that the payload names; empty if it names none. */
export function requestedChaincode({ specification }: Proposal): string {
  return specification?.getChaincodeId()?.getName() ?? '';
}

function missingPart(
  extension: peer.ChaincodeHeaderExtension,
  specification: peer.ChaincodeSpec | undefined,
): string | undefined {
  const inHeader = extension.getChaincodeId();
  if (inHeader === undefined) return 'ChaincodeHeaderExtension.ChaincodeId is nil';
  if (inHeader.getName() === '') return 'ChaincodeHeaderExtension.ChaincodeId.Name is empty';
  if (specification === undefined) return 'chaincode invocation spec did not contain chaincode spec';
  return specification.hasInput() ? undefined : 'chaincode input did not contain any input';
}

function withoutTransientMap(payload: peer.ChaincodeProposalPayload): Uint8Array {
  const publicPart = new peer.ChaincodeProposalPayload();
  publicPart.setInput(payload.getInput_asU8());
  return publicPart.serializeBinary();
}

function decode<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch {
    throw new MalformedProposalError(
      `error unmarshalling ${name}: proto: cannot parse invalid wire-format data`,
    );
  }
}
