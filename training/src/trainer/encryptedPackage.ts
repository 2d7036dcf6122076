import { digestOf, macParts } from '../canonical.js';
import type { DataPackage } from '../data/package.js';
import { refusePackage } from '../data/packageHead.js';
import { parseTemplate, templateDigest, type Template } from '../data/template.js';
import { TrainingError } from '../errors.js';
import { loadPublicKey, parsePublicKey } from '../he/ckks/keys.js';
import { productParameters as parameters } from '../he/ckks/parameters.js';
import type { PublicCiphertext } from '../he/ckks/publicEncryption.js';
import { openScheme } from '../he/ckks/scheme.js';
import {
  ENCRYPTED_MAP_BYTES,
  encryptedMapBody,
  encryptedMapHeader,
  encryptMap,
  parseEncryptedMap,
} from '../he/circuits/product/encryptedMap.js';
import type { HeBackend } from '../he/ring/backend.js';
import { FRAME_BYTES, readFrame, subsetIn, writeFrame, type CoupleContext } from '../messages/frame.js';
import { parseProgram, programDigest, type TrainingProgram } from '../program.js';
import { checkContext } from './checks.js';
import { defaultBackend } from './defaultBackend.js';
import { messageShape } from './messageShape.js';
import { momentsOf, packageContent } from './openedPackage.js';
import { shardNumbers } from './shardNumbers.js';

// Body: digests of template, program and key, the secret that replicas share (32 bytes each), and the ciphertext's two parts.
const DIGEST_BYTES = 32;
const ENDS = [1, 2, 3, 4].map((count) => count * DIGEST_BYTES) as [number, number, number, number];
const BODY_BYTES = ENDS[3] + ENCRYPTED_MAP_BYTES;
/** Bytes of an encrypted package. */
export const ENCRYPTED_PACKAGE_BYTES = FRAME_BYTES + BODY_BYTES;

/** What {@link encryptPackage} needs. */
export interface EncryptPackageInput extends CoupleContext {
  /** The subset's package with its rows, which stays with the data owner: from `openPackage` or `readPackage`. */
  readonly package: DataPackage;
  /** What the couple agreed to run; its `data` is `encrypted`. */
  readonly program: TrainingProgram;
  /** The model owner's key message that the request pins, byte for byte. */
  readonly heKey: Uint8Array;
  /** What encrypts. Default: WebAssembly. Every backend gives the same bytes. */
  readonly backend?: HeBackend | undefined;
}

/**
 * Data owner: what hosts get of a subset in place of its rows. Its second moments, as the step that the program makes of them, in one
 * ciphertext under the model owner's key, 262 kB whatever the number of rows. For one couple and program, and the same bytes for all
 * replicas and at every call. The model owner can decrypt it: it is to be handed to hosts alone, wrapped as packages are.
 * @throws TrainingError VT7301, VT7302, VT7401 to VT7408 (the key), VT7410, VT7501 (also where the dataset has sums only)
 */
export async function encryptPackage(input: EncryptPackageInput): Promise<Uint8Array> {
  const { package: opened, heKey, backend = defaultBackend() } = input;
  const program = encryptedProgram(input.program);
  checkContext(input);
  momentsOf(opened, program);
  const { features, subset, batch } = opened;
  if (batch !== undefined)
    throw new TrainingError(
      'VT7501',
      'replies on encrypted data are not masked, so they cannot be added up',
      {
        subset,
      },
    );
  const { map } = shardNumbers(opened, program, messageShape(program, features));
  const key = parsePublicKey(parameters, heKey, input);
  const scheme = await openScheme(parameters, backend);
  const publicKey = loadPublicKey(scheme, key, input);
  const { shardSecret } = packageContent(opened);
  const { channel, chaincode, couple } = input;
  const digests = [opened.templateDigest, programDigest(program), digestOf(heKey)];
  const names = [channel, chaincode, couple, String(subset), ...digests];
  const ciphertext = await encryptMap(scheme, publicKey, shardSecret, names, map);
  publicKey.first.release();
  publicKey.second.release();
  // Hosts get a secret that was made of the shard's, and not that one: with it they could make the encryption's randomness again.
  const replySecret = macParts(shardSecret, 'veritrain/encrypted-package-secret/1', ...names);
  return writeFrame(encryptedMapHeader(input, opened), [
    ...digests.map(digestBytes),
    replySecret,
    ...encryptedMapBody(ciphertext),
  ]);
}

/** What {@link openEncryptedPackage} needs. */
export interface OpenEncryptedOptions extends CoupleContext {
  /** What the couple agreed to run. */
  readonly program: TrainingProgram;
  /** The dataset's template, which the package names. */
  readonly template: Template;
}

/** What only this package's own code sees of an encrypted {@link DataPackage}. */
interface EncryptedContent {
  readonly map: PublicCiphertext;
  readonly replySecret: Uint8Array;
  readonly programDigest: string;
  readonly keyDigest: string;
}

const contents = new WeakMap<DataPackage, EncryptedContent>();

/**
 * Host: reads and checks what {@link encryptPackage} made, before anything is computed on it. What comes out is trained on by
 * `trainOnShard`, as a package with rows is.
 * @throws TrainingError VT7202 (another dataset, subset or program), VT7301, VT7401 to VT7408 (form), VT7501
 */
export function openEncryptedPackage(bytes: Uint8Array, options: OpenEncryptedOptions): DataPackage {
  const program = encryptedProgram(options.program);
  const template = parseTemplate(options.template);
  checkContext(options);
  const { features, subsetRows } = template;
  const subset = subsetIn(bytes);
  const body = readFrame(bytes, encryptedMapHeader(options, { features, subset }), BODY_BYTES);
  const rows = subsetRows[subset] ?? refusePackage('the dataset has no such subset', { subset });
  const ofTemplate = digestText(body.subarray(0, ENDS[0]));
  const ofProgram = digestText(body.subarray(ENDS[0], ENDS[1]));
  if (ofTemplate !== templateDigest(template)) refusePackage('it belongs to another dataset', { subset });
  if (ofProgram !== programDigest(program)) refusePackage('it was made for another program', { subset });
  const opened: DataPackage = Object.freeze({
    digest: digestOf(bytes),
    templateDigest: ofTemplate,
    subset,
    rows,
    features,
  });
  contents.set(opened, {
    map: parseEncryptedMap(body.subarray(ENDS[3])),
    replySecret: body.slice(ENDS[2], ENDS[3]),
    programDigest: ofProgram,
    keyDigest: digestText(body.subarray(ENDS[1], ENDS[2])),
  });
  return opened;
}

/** What is kept of a package that was opened here, for a job that it was made for. @throws TrainingError VT7501 */
export function encryptedContent(
  opened: DataPackage,
  { program, heKey }: { readonly program: TrainingProgram; readonly heKey: Uint8Array },
): EncryptedContent {
  const content = contents.get(opened);
  if (content === undefined)
    throw new TrainingError(
      'VT7501',
      'a program of encrypted data trains on what openEncryptedPackage gives',
    );
  if (content.programDigest !== programDigest(program))
    throw new TrainingError('VT7501', 'the package was encrypted for another program');
  if (content.keyDigest !== digestOf(heKey))
    throw new TrainingError('VT7501', 'the package was encrypted under another key');
  return content;
}

function encryptedProgram(given: TrainingProgram): TrainingProgram {
  const program = parseProgram(given);
  if (program.data === 'encrypted') return program;
  throw new TrainingError('VT7501', 'packages are encrypted for programs whose data is encrypted');
}

const digestBytes = (digest: string): Uint8Array => Buffer.from(digest.slice('sha256:'.length), 'hex');
const digestText = (bytes: Uint8Array): string => `sha256:${Buffer.from(bytes).toString('hex')}`;
