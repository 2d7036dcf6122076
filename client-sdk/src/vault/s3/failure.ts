import { abortError } from '../../errors/abort.js';
import { tlsExpected, writeHttps } from '../../errors/plainToTls.js';
import type { SdkErrorCode } from '../../errors/table.js';
import { type ErrorFacts, isVeritrainError, sdkError } from '../../errors/veritrainError.js';
import { S3Refusal, plainToTlsCode } from './refusal.js';

/** What a request was for: the same answer means another thing for each. */
type Purpose = 'read' | 'write' | 'list' | 'delete' | 'identify';

export interface Circumstances {
  readonly purpose: Purpose;
  readonly handle?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const passingStatuses = [408, 429, 500, 502, 503, 504, 509];
/** Codes of other statuses that pass: the way spoilt the request, or two writers met. */
const passingCodes = [
  'BadDigest', // the bytes that arrived are not the ones that were sent
  'ConditionalRequestConflict',
  'IncompleteBody',
  'MalformedXML', // ours is well-formed where it leaves
  'OperationAborted',
  'RequestTimeout',
  'SlowDown',
  'XAmzContentSHA256Mismatch',
];
const passingErrors =
  /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EAI_AGAIN|HPE_)/;
const tlsErrors =
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/;

/** How long to leave the server alone, in milliseconds, before the same request is worth another try; else undefined. */
export function passing(error: unknown): { afterMs: number } | undefined {
  if (error instanceof S3Refusal) {
    const passes = passingStatuses.includes(error.status) || passingCodes.includes(error.code);
    if (!passes || isFull(error)) return undefined;
    // A MinIO that is starting asks for a minute, and is there in a moment.
    return { afterMs: error.code === 'XMinioServerNotInitialized' ? 0 : error.retryAfterMs };
  }
  // An answer cut short is no XML any more.
  const isCutShort = error instanceof Error && error.name === 'InvalidXMLError';
  return isCutShort || passingErrors.test(codeOf(error)) ? { afterMs: 0 } : undefined;
}

/** Where the vault is, as errors name it. */
export interface Place {
  readonly endpoint: string;
  readonly bucket: string;
}

/** What happened, under a code of ours. Errors that are ours already stay as they are. */
export function failureOf(error: unknown, place: Place, { purpose, handle, signal }: Circumstances): unknown {
  if (signal?.aborted) return abortError(signal);
  if (isVeritrainError(error)) return error;
  const facts = { ...place, ...(handle === undefined ? {} : { handle }) };
  return error instanceof S3Refusal ? refused(error, purpose, facts) : onTheWay(error, facts);
}

function refused(refusal: S3Refusal, purpose: Purpose, facts: ErrorFacts): Error {
  const [code, reason, hint] = meaningOf(refusal, purpose);
  return sdkError(code, reason, {
    hint,
    facts: { ...facts, status: refusal.status, s3Code: refusal.code },
    cause: refusal,
  });
}

/** A code, what happened, and where more is known than the code's help, what to do. */
type Meaning = readonly [code: SdkErrorCode, reason: string, hint?: string];

const speaksTls: Meaning = ['VT8225', `No S3 answers: ${tlsExpected}.`, writeHttps];

/** By the word that the server says, which may be any. */
const meanings = new Map<string, Meaning>([
  ['RequestTimeTooSkewed', ['VT8211', 'The clocks of the vault and of this machine differ too much.']],
  [plainToTlsCode, speaksTls],
  ['NoSuchBucket', ['VT8209', 'There is no such bucket.']],
  ['InvalidBucketName', ['VT8209', 'There can be no such bucket.']],
  ['NoSuchKey', ['VT8201', 'There is no such object.']],
  ['EntityTooLarge', ['VT8205', 'The object is larger than the vault takes.']],
]);
const wrongCredentials: Meaning = ['VT8208', 'The vault refuses the credentials of this member.'];
const credentialCodes =
  /^(InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|ExpiredTokenException|InvalidToken|InvalidTokenId|InvalidIdentityToken|TokenRefreshRequired|InvalidClientTokenId|AuthorizationHeaderMalformed)$/;

const isFull = ({ status, code }: S3Refusal): boolean =>
  status === 507 || /StorageFull|QuotaExceeded|InsufficientStorage/.test(code);

function meaningOf(refusal: S3Refusal, purpose: Purpose): Meaning {
  const { status, code } = refusal;
  const known = meanings.get(code);
  if (known !== undefined) return known;
  if (isFull(refusal)) return ['VT8212', 'The vault has no room left.'];
  if (purpose === 'identify' || credentialCodes.test(code)) return wrongCredentials;
  if (status === 401 || status === 403) return denied(purpose);
  if (passing(refusal) !== undefined) return ['VT8207', 'The vault is not able to answer.'];
  return ['VT8214', `The vault refused: ${refusal.message}`];
}

function denied(purpose: Purpose): Meaning {
  if (purpose === 'read') return ['VT8206', 'The object is not there, or is not granted to this member.'];
  return ['VT8213', `This member may not ${purpose} there.`];
}

function onTheWay(error: unknown, facts: ErrorFacts): Error {
  const code = codeOf(error);
  // What OpenSSL says takes several lines.
  const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const details = { facts: { ...facts, networkCode: code }, cause: error };
  if (tlsErrors.test(code)) return sdkError('VT8210', `TLS with the vault failed: ${message}`, details);
  if (passing(error) !== undefined || code === 'ENOTFOUND')
    return sdkError('VT8207', `The vault cannot be reached: ${message}`, details);
  return sdkError('VT8214', `The vault did not work: ${message}`, details);
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';
