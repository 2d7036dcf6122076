import type http from 'node:http';
import type https from 'node:https';
import { z } from 'zod';
import { throwIfAborted } from '../errors/abort.js';
import type { Authorization } from './authorization.js';
import { answeredByAnother, refusedByCa, unanswered } from './caFailure.js';

/** Where a Fabric CA answers. */
export interface CertificateAuthority {
  /** Such as `http://127.0.0.1:7054`. */
  readonly url: string;
  /** The CA's name where one server answers for several. */
  readonly name?: string | undefined;
  /** PEM of the root that the CA's TLS certificate must chain to; without it, one of those that Node trusts. */
  readonly tlsRootPem?: string | undefined;
}

/** One of Fabric CA's REST calls. */
export interface CaCall {
  /** For the error's sentence, such as `enrol host-1`. */
  readonly doing: string;
  readonly ca: CertificateAuthority;
  readonly endpoint: 'register' | 'enroll' | 'reenroll';
  readonly body: Readonly<Record<string, unknown>>;
  readonly authorization: Authorization;
  readonly signal?: AbortSignal | undefined;
}

const answerMs = 30_000;

/** A certificate with its chain takes less, in bytes. What is more is cut, and then no answer of a CA. */
const maxAnswerBytes = 1024 * 1024;

const answered = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true), result: z.unknown() }),
  z.object({
    success: z.literal(false),
    errors: z.array(z.object({ code: z.number(), message: z.string() })).min(1),
  }),
]);

/** Makes a call. @throws ENROLMENT_FAILED, ABORTED */
export async function callCa<T>(call: CaCall, result: z.ZodType<T>): Promise<T> {
  throwIfAborted(call.signal);
  const { status, content } = await post(call).catch(async (cause: unknown) => {
    throwIfAborted(call.signal);
    throw await unanswered(call, cause);
  });
  const answer = answered.safeParse(parseJson(content));
  if (!answer.success) throw answeredByAnother(call, status, content);
  if (!answer.data.success) throw refusedByCa(call, status, answer.data.errors);
  const parsed = result.safeParse(answer.data.result);
  if (!parsed.success) throw answeredByAnother(call, status, content);
  return parsed.data;
}

async function post(call: CaCall): Promise<{ status: number; content: string }> {
  const { ca, endpoint, authorization, signal } = call;
  const url = new URL(`/api/v1/${endpoint}`, ca.url);
  const body = JSON.stringify({ ...call.body, caname: ca.name });
  const headers = {
    authorization: await authorization({ method: 'POST', path: url.pathname, body }),
    'content-type': 'application/json',
  };
  const timeout = AbortSignal.timeout(answerMs);
  const options: https.RequestOptions = {
    method: 'POST',
    headers,
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    // A connection of its own: a busy process may take one from a pool that the CA has closed meanwhile.
    agent: false,
    ...(ca.tlsRootPem === undefined ? {} : { ca: ca.tlsRootPem }),
  };
  // An import of node:http would load fetch, too: 60 ms of processor time at the start.
  const { request } = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http');
  return new Promise((resolve, reject) => {
    request(url, options, (response) => {
      textOf(response).then((content) => {
        resolve({ status: response.statusCode ?? 0, content });
      }, reject);
    })
      .on('error', (error) => {
        reject(timeout.aborted ? (timeout.reason as Error) : error);
      })
      .end(body);
  });
}

async function textOf(response: http.IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    pieces.push(piece);
    sizeBytes += piece.length;
    if (sizeBytes > maxAnswerBytes) break;
  }
  return Buffer.concat(pieces).toString();
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
