import { createHash, verify, X509Certificate } from 'node:crypto';
import { common, msp, peer } from '@hyperledger/fabric-protos';
import type { NetworkUnderTest } from './network.js';

const { SIGNATURES, TRANSACTIONS_FILTER } = common.BlockMetadataIndex;

/** Who reads the blocks of a channel. */
type ChannelReader = Pick<NetworkUnderTest, 'network' | 'channel'>;

/** A block as the system chaincode `qscc` gives it. */
export async function blockOf(under: ChannelReader, number: bigint | number | string): Promise<common.Block> {
  const qscc = under.network.getContract('qscc');
  const bytes = await qscc.evaluateTransaction('GetBlockByNumber', under.channel, String(number));
  return common.Block.deserializeBinary(bytes);
}

export async function chainInfoOf(under: ChannelReader): Promise<common.BlockchainInfo> {
  const bytes = await under.network.getContract('qscc').evaluateTransaction('GetChainInfo', under.channel);
  return common.BlockchainInfo.deserializeBinary(bytes);
}

/** The channel's configuration as block 0 holds it. */
export async function channelGroup(under: NetworkUnderTest): Promise<common.ConfigGroup> {
  const [entry] = entriesOf(await blockOf(under, 0));
  const config = common.ConfigEnvelope.deserializeBinary(entry!.payload.getData_asU8()).getConfig();
  return config!.getChannelGroup()!;
}

/** The organisations that transact on the channel, in the order of their names. */
export async function organizationsOf(under: NetworkUnderTest): Promise<string[]> {
  const application = (await channelGroup(under)).getGroupsMap().get('Application')!;
  return application
    .getGroupsMap()
    .toArray()
    .map(([name]) => name)
    .sort();
}

interface Endorsement {
  readonly mspId: string;
  readonly valid: boolean;
}

export interface Entry {
  readonly type: number;
  readonly transactionId: string;
  readonly code: number;
  readonly endorsements: readonly Endorsement[];
  readonly payload: common.Payload;
}

/** The envelopes of a block, taken apart, with their validation codes. */
export function entriesOf(block: common.Block): Entry[] {
  const codes = block.getMetadata()!.getMetadataList_asU8()[TRANSACTIONS_FILTER]!;
  return block
    .getData()!
    .getDataList_asU8()
    .map((bytes, index) => {
      const envelope = common.Envelope.deserializeBinary(bytes);
      const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
      const header = common.ChannelHeader.deserializeBinary(payload.getHeader()!.getChannelHeader_asU8());
      const type: number = header.getType();
      const endorsements = type === common.HeaderType.ENDORSER_TRANSACTION ? endorsementsOf(payload) : [];
      return { type, transactionId: header.getTxId(), code: codes[index]!, endorsements, payload };
    });
}

function endorsementsOf(payload: common.Payload): Endorsement[] {
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  const endorsed = peer.ChaincodeActionPayload.deserializeBinary(action!.getPayload_asU8()).getAction()!;
  const response = endorsed.getProposalResponsePayload_asU8();
  return endorsed.getEndorsementsList().map((endorsement) => {
    const endorser = endorsement.getEndorser_asU8();
    const signed = Buffer.concat([response, endorser]);
    const { mspId, certificate } = identityOf(endorser);
    return { mspId, valid: verify('sha256', signed, certificate.publicKey, endorsement.getSignature_asU8()) };
  });
}

function identityOf(serialized: Uint8Array): { mspId: string; certificate: X509Certificate } {
  const identity = msp.SerializedIdentity.deserializeBinary(serialized);
  return { mspId: identity.getMspid(), certificate: new X509Certificate(identity.getIdBytes_asU8()) };
}

/** SHA-256 over the header in ASN.1, as the next block names it. */
export function headerHash(block: common.Block): Buffer {
  return createHash('sha256').update(headerBytes(block)).digest();
}

export function dataHash(block: common.Block): Buffer {
  const hash = createHash('sha256');
  for (const bytes of block.getData()!.getDataList_asU8()) hash.update(bytes);
  return hash.digest();
}

/** What the channel knows of each organisation of a section. */
export function membershipsOf(section: common.ConfigGroup): msp.FabricMSPConfig[] {
  return section
    .getGroupsMap()
    .toArray()
    .map(([name]) => {
      const value = section.getGroupsMap().get(name)!.getValuesMap().get('MSP')!;
      const wrapped = msp.MSPConfig.deserializeBinary(value.getValue_asU8());
      return msp.FabricMSPConfig.deserializeBinary(wrapped.getConfig_asU8());
    });
}

/** Roots of a section's organisations. */
export function rootsOf(section: common.ConfigGroup): X509Certificate[] {
  return membershipsOf(section).flatMap((config) =>
    config.getRootCertsList_asU8().map((root) => new X509Certificate(root)),
  );
}

/** Certificates of the channel's orderers that signed the block, each once. */
export function signersOf(block: common.Block, ordering: common.ConfigGroup): string[] {
  const [root] = rootsOf(ordering);
  const metadata = common.Metadata.deserializeBinary(
    block.getMetadata()!.getMetadataList_asU8()[SIGNATURES]!,
  );
  const signers = metadata.getSignaturesList().flatMap((signature) => {
    const { certificate, header } = signerOf(signature, ordering);
    const signed = Buffer.concat([metadata.getValue_asU8(), header, headerBytes(block)]);
    const isOrderer = certificate.checkIssued(root!) && certificate.verify(root!.publicKey);
    const isValid = verify('sha256', signed, certificate.publicKey, signature.getSignature_asU8());
    return isOrderer && isValid ? [certificate.fingerprint256] : [];
  });
  return [...new Set(signers)];
}

/** Raft's one signature shows its signer's certificate; each of SmartBFT's names it by its number in the channel. */
function signerOf(
  signature: common.MetadataSignature,
  ordering: common.ConfigGroup,
): { certificate: X509Certificate; header: Uint8Array } {
  const identifier = signature.getIdentifierHeader_asU8();
  if (identifier.length === 0) {
    const header = signature.getSignatureHeader_asU8();
    const creator = common.SignatureHeader.deserializeBinary(header).getCreator_asU8();
    return { certificate: identityOf(creator).certificate, header };
  }
  const number = common.IdentifierHeader.deserializeBinary(identifier).getIdentifier();
  const consenter = consentersOf(ordering).find((each) => each.getId() === number);
  return { certificate: new X509Certificate(consenter!.getIdentity_asU8()), header: identifier };
}

/** SmartBFT's orderers; none under Raft. */
export function consentersOf(ordering: common.ConfigGroup): common.Consenter[] {
  const value = ordering.getValuesMap().get('Orderers')?.getValue_asU8();
  return value === undefined ? [] : common.Orderers.deserializeBinary(value).getConsenterMappingList();
}

function headerBytes(block: common.Block): Buffer {
  const header = block.getHeader()!;
  let number = header.getNumber().toString(16);
  if (number.length % 2 === 1) number = `0${number}`;
  if (Number.parseInt(number.slice(0, 2), 16) > 0x7f) number = `00${number}`;
  const parts = [
    element(0x02, Buffer.from(number, 'hex')),
    element(0x04, Buffer.from(header.getPreviousHash_asU8())),
    element(0x04, Buffer.from(header.getDataHash_asU8())),
  ];
  return element(0x30, Buffer.concat(parts));
}

function element(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, content.length]), content]);
}
