import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { TlsIdentity } from '../identity/tlsIdentities.js';
import type { ListenOptions } from '../listening.js';
import { listen } from '../listening.js';
import { messageOf } from '../errors.js';
import { CaError } from './caError.js';
import { readAuthorityName } from './caRequests.js';
import type { CertificateAuthorities } from './certificateAuthorities.js';
import type { CaRequest, CertificateAuthority } from './certificateAuthority.js';

const MAX_BODY_BYTES = 1024 * 1024;
/** Over all connections. Each holds one body at most. */
const MAX_CONNECTIONS = 256;
const PREFIX = /^\/(?:api\/v1\/)?/;

interface Endpoint {
  readonly methods: readonly string[];
  readonly successStatus: number;
  readonly answer: (authority: CertificateAuthority, request: CaRequest) => object | Promise<object>;
}

const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  cainfo: { methods: ['GET', 'POST'], successStatus: 200, answer: (authority) => authority.info() },
  register: {
    methods: ['POST'],
    successStatus: 201,
    answer: (authority, request) => authority.register(request),
  },
  enroll: {
    methods: ['POST'],
    successStatus: 201,
    answer: (authority, request) => authority.enroll(request),
  },
  reenroll: {
    methods: ['POST'],
    successStatus: 201,
    answer: (authority, request) => authority.reenroll(request),
  },
};

export interface CaServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves Fabric CA's REST API. `caname` in a request selects the organisation's authority. */
export async function startCaServer(
  authorities: CertificateAuthorities,
  options: ListenOptions,
): Promise<CaServer> {
  const server = serverFor(options.tls, (request, response) => {
    handle(authorities, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  server.maxConnections = MAX_CONNECTIONS;
  const address = await listen(server, options, 'certificate authority');
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://${address}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function serverFor(tls: TlsIdentity | undefined, listener: RequestListener): Server {
  // An import of node:http would load fetch, too: 60 ms of processor time at the start.
  if (tls === undefined) return process.getBuiltinModule('node:http').createServer(listener);
  const { createServer } = process.getBuiltinModule('node:https');
  return createServer({ cert: tls.certificatePem, key: tls.privateKeyPem }, listener);
}

async function handle(
  authorities: CertificateAuthorities,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const uri = request.url ?? '/';
    const url = new URL(uri, 'http://ca');
    const endpoint = findEndpoint(url.pathname.replace(PREFIX, ''), request.method ?? '');
    const body = await readBody(request);
    const json: unknown = parseBody(body);
    const name = url.searchParams.get('ca') ?? readAuthorityName(json);
    const caRequest = {
      method: request.method ?? '',
      uri,
      body,
      authorization: request.headers.authorization,
      json,
    };
    const result = await endpoint.answer(authorities.get(name), caRequest);
    send(response, endpoint.successStatus, { success: true, result, errors: [], messages: [] });
  } catch (error) {
    const { httpStatus, code, message } =
      error instanceof CaError
        ? error
        : new CaError(500, 0, `certificate authority failed: ${messageOf(error)}`);
    send(response, httpStatus, { success: false, result: '', errors: [{ code, message }], messages: [] });
  }
}

function findEndpoint(path: string, method: string): Endpoint {
  const endpoint = Object.hasOwn(ENDPOINTS, path) ? ENDPOINTS[path] : undefined;
  if (endpoint === undefined) {
    const served = Object.keys(ENDPOINTS).join(', ');
    throw new CaError(404, 0, `the embedded certificate authority serves ${served} only, not '${path}'`);
  }
  if (!endpoint.methods.includes(method)) throw new CaError(405, 1, `Method ${method} is not allowed`);
  return endpoint;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new CaError(413, 3, 'The request body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseBody(body: string): unknown {
  if (body === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    throw new CaError(400, 5, 'Invalid request body: not JSON');
  }
}

function send(response: ServerResponse, status: number, content: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(content));
}
