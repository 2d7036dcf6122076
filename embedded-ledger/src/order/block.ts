import { randomBytes } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import { sha256 } from '../hashing.js';
import type { Signer } from '../identity/signer.js';

/** The part of a block that the chain binds. */
export interface BlockHeaderFields {
  readonly number: number;
  readonly previousHash: Uint8Array;
  readonly dataHash: Uint8Array;
}

/** SHA-256 over the concatenated envelopes of a block. */
export function hashBlockData(envelopes: readonly Uint8Array[]): Buffer {
  return sha256(...envelopes);
}

/** The next block's `previous_hash`: SHA-256 over the header in ASN.1. */
export function hashBlockHeader(header: BlockHeaderFields): Buffer {
  return sha256(encodeBlockHeader(header));
}

/** Fabric's ASN.1 (DER) form of a header: SEQUENCE { INTEGER number, OCTET STRING previous, OCTET STRING data }. */
export function encodeBlockHeader(header: BlockHeaderFields): Buffer {
  const body = Buffer.concat([
    element(0x02, integerBytes(header.number)),
    element(0x04, header.previousHash),
    element(0x04, header.dataHash),
  ]);
  return element(0x30, body);
}

/**
 * Assembles a block with the orderer's signature and one validation code for each envelope. The number of the last
 * config block is 0: the channel's configuration never changes.
 */
export function assembleBlock(
  header: BlockHeaderFields,
  envelopes: readonly Uint8Array[],
  validationCodes: readonly number[],
  orderer: Signer | undefined,
): common.Block {
  const blockHeader = new common.BlockHeader();
  blockHeader.setNumber(header.number);
  blockHeader.setPreviousHash(header.previousHash);
  blockHeader.setDataHash(header.dataHash);
  const data = new common.BlockData();
  data.setDataList([...envelopes]);
  const metadata = new common.BlockMetadata();
  const slots = [signatureSlot(header, orderer), new Uint8Array(), Uint8Array.from(validationCodes)];
  metadata.setMetadataList([...slots, new Uint8Array(), new Uint8Array()]);
  const block = new common.Block();
  block.setHeader(blockHeader);
  block.setData(data);
  block.setMetadata(metadata);
  return block;
}

/** The genesis block has no signature, since it holds the keys for verifying signatures. */
function signatureSlot(header: BlockHeaderFields, orderer: Signer | undefined): Uint8Array {
  const lastConfig = new common.LastConfig();
  lastConfig.setIndex(0);
  const value = new common.OrdererBlockMetadata();
  value.setLastConfig(lastConfig);
  const metadata = new common.Metadata();
  metadata.setValue(value.serializeBinary());
  if (orderer !== undefined) metadata.addSignatures(signature(header, metadata.getValue_asU8(), orderer));
  return metadata.serializeBinary();
}

function signature(header: BlockHeaderFields, value: Uint8Array, orderer: Signer): common.MetadataSignature {
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(orderer.identity);
  signatureHeader.setNonce(randomBytes(24));
  const headerBytes = signatureHeader.serializeBinary();
  const signed = Buffer.concat([value, headerBytes, encodeBlockHeader(header)]);
  const result = new common.MetadataSignature();
  result.setSignatureHeader(headerBytes);
  result.setSignature(orderer.sign(signed));
  return result;
}

function integerBytes(value: number): Buffer {
  const hex = BigInt(value).toString(16);
  const bytes = Buffer.from(hex.length % 2 === 1 ? `0${hex}` : hex, 'hex');
  return (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}

/** Header fields have 32 bytes and the number at most nine, so every length fits one byte. */
function element(tag: number, content: Uint8Array): Buffer {
  if (content.length > 0x7f) throw new RangeError('a block header field is too long');
  return Buffer.concat([Buffer.of(tag, content.length), content]);
}
