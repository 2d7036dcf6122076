import * as grpc from '@grpc/grpc-js';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { LedgerError } from '../errors.js';

/** TLS settings of a peer's connection to a chaincode server. */
export interface ChaincodeTls {
  readonly rootPem: string;
  /** The peer's client certificate; undefined if the server does not require one. */
  readonly client: { readonly certificatePem: string; readonly privateKeyPem: string } | undefined;
}

/** A chaincode server and its address; without TLS if `tls` is undefined. */
export interface ChaincodeServer {
  readonly address: string;
  readonly tls: ChaincodeTls | undefined;
}

const ADDRESS = /^(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}$/;

/** The connection.json in a package of Fabric's chaincode as a service. */
const connectionSchema = z
  .object({
    address: z.string().regex(ADDRESS),
    tls_required: z.boolean().default(false),
    root_cert: z.string().default(''),
    client_auth_required: z.boolean().default(false),
    client_cert: z.string().default(''),
    client_key: z.string().default(''),
  })
  .refine((it) => !it.tls_required || it.root_cert !== '', 'tls_required without root_cert')
  .refine(
    (it) => !it.client_auth_required || (it.client_cert !== '' && it.client_key !== ''),
    'client_auth_required without client_cert and client_key',
  );

/**
 * Reads `host:port` or the path of a connection.json; undefined if it is neither. @throws LedgerError CHAINCODE_INVALID
 */
export function readChaincodeServer(reference: string): ChaincodeServer | undefined {
  if (ADDRESS.test(reference)) return { address: reference, tls: undefined };
  if (!reference.endsWith('.json') || !existsSync(reference)) return undefined;
  const connection = readConnection(reference);
  if (!connection.tls_required) return { address: connection.address, tls: undefined };
  const client = connection.client_auth_required
    ? { certificatePem: connection.client_cert, privateKeyPem: connection.client_key }
    : undefined;
  return { address: connection.address, tls: { rootPem: connection.root_cert, client } };
}

export function channelCredentials(tls: ChaincodeTls | undefined): grpc.ChannelCredentials {
  if (tls === undefined) return grpc.credentials.createInsecure();
  const root = Buffer.from(tls.rootPem);
  if (tls.client === undefined) return grpc.credentials.createSsl(root);
  const { certificatePem, privateKeyPem } = tls.client;
  return grpc.credentials.createSsl(root, Buffer.from(privateKeyPem), Buffer.from(certificatePem));
}

function readConnection(path: string): z.infer<typeof connectionSchema> {
  const text = new TextDecoder().decode(readFileSync(path));
  try {
    return connectionSchema.parse(JSON.parse(text));
  } catch (cause) {
    const hint =
      'Specify the connection.json of a chaincode-as-a-service package: address, tls_required, root_cert …';
    const message = 'the file names no chaincode server';
    throw new LedgerError('CHAINCODE_INVALID', message, hint, { path }, { cause });
  }
}
