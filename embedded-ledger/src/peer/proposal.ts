import { common, peer } from '@hyperledger/fabric-protos';
import { sha256 } from '../hashing.js';

/** A signed proposal, taken apart. */
export interface Proposal {
  readonly signed: peer.SignedProposal;
  readonly header: common.Header;
  readonly channelHeader: common.ChannelHeader;
  readonly signatureHeader: common.SignatureHeader;
  readonly channel: string;
  readonly transactionId: string;
  readonly chaincodeName: string;
  readonly input: peer.ChaincodeInput;
  /** The proposal's payload as it goes into the transaction: without the transient map. */
  readonly publicPayload: Uint8Array;
  /** SHA-256(channel header ‖ signature header ‖ public payload): what endorsers sign. */
  readonly hash: Uint8Array;
}

/** Thrown for bytes that are no proposal; the text is what the client is told. */
class MalformedProposalError extends Error {
  override readonly name = 'MalformedProposalError';
}

/** @throws MalformedProposalError */
export function unpackProposal(signed: peer.SignedProposal | undefined): Proposal {
  if (signed === undefined || signed.getProposalBytes_asU8().length === 0) {
    throw new MalformedProposalError('a signed proposal is required');
  }
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
  const channel = channelHeader.getChannelId();
  const { chaincodeName, input } = readInvocation(channel, invocation);
  const publicPayload = withoutTransientMap(payload);
  const hash = sha256(header.getChannelHeader_asU8(), header.getSignatureHeader_asU8(), publicPayload);
  const transactionId = channelHeader.getTxId();
  const parts = { signed, header, channelHeader, signatureHeader, channel, transactionId };
  return { ...parts, chaincodeName, input, publicPayload, hash };
}

function readInvocation(
  channel: string,
  invocation: peer.ChaincodeInvocationSpec,
): { chaincodeName: string; input: peer.ChaincodeInput } {
  if (channel === '') throw new MalformedProposalError('no channel id provided');
  const specification = invocation.getChaincodeSpec();
  const inChannel = `is provided, channel id [${channel}]`;
  if (specification === undefined) throw new MalformedProposalError(`no chaincode spec ${inChannel}`);
  const chaincodeName = specification.getChaincodeId()?.getName() ?? '';
  if (chaincodeName === '') throw new MalformedProposalError(`no chaincode name ${inChannel}`);
  const input = specification.getInput();
  if (input === undefined) throw new MalformedProposalError('chaincode input did not contain any input');
  return { chaincodeName, input };
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
