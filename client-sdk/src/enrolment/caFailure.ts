import { metTls, saysTlsOnly, tlsExpected, writeHttps } from '../errors/plainToTls.js';
import { type ErrorFacts, type VeritrainError, sdkError } from '../errors/veritrainError.js';
import type { CaCall } from './caCall.js';

/** What the error names of a call. */
type FailedCall = Pick<CaCall, 'doing' | 'ca'>;

/** The CA refused, in its own words. */
export function refusedByCa(
  call: FailedCall,
  httpStatus: number,
  errors: readonly { readonly code: number; readonly message: string }[],
): VeritrainError {
  const said = errors.map(({ message }) => message).join('; ');
  return failure(call, `the CA said “${said}”`, { httpStatus, caCode: errors[0]?.code ?? 0, said });
}

/** Something else answered. It may repeat what it was sent, the secret included, so its words are not kept. */
export function answeredByAnother(call: FailedCall, httpStatus: number, content: string): VeritrainError {
  if (saysTlsOnly(content)) return failure(call, tlsExpected, { httpStatus }, { hint: writeHttps });
  return failure(call, `HTTP ${httpStatus}, in other words than a Fabric CA’s`, { httpStatus });
}

/** There was no answer. */
export async function unanswered(call: FailedCall, cause: unknown): Promise<VeritrainError> {
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
  const network = cause instanceof Error && 'code' in cause && isString(cause.code) ? cause.code : name;
  if (await metTls(cause, call.ca.url))
    return failure(call, tlsExpected, { network }, { hint: writeHttps, cause });
  // Where several addresses were tried, the message is empty.
  return failure(call, `no answer (${message === '' ? network : message})`, { network }, { cause });
}

function failure(
  { doing, ca }: FailedCall,
  why: string,
  facts: ErrorFacts,
  more: { hint?: string; cause?: unknown } = {},
): VeritrainError {
  return sdkError('VT8501', `Could not ${doing} at ${ca.url}: ${why}.`, {
    ...more,
    facts: { url: ca.url, ca: ca.name ?? '', ...facts },
  });
}

const isString = (value: unknown): value is string => typeof value === 'string';
