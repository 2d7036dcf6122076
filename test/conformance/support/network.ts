import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as grpc from '@grpc/grpc-js';
import { connect, hash, signers } from '@hyperledger/fabric-gateway';
import type { Contract, Gateway, Hash, Identity, Network, Signer } from '@hyperledger/fabric-gateway';
import { settings, type Settings } from './settings.js';

/** The network under test, as {@link settings} describe it. */
export interface NetworkUnderTest {
  readonly channel: string;
  readonly chaincode: string;
  /** The connection below the gateway, for requests that its client would not make. */
  readonly client: grpc.Client;
  readonly gateway: Gateway;
  readonly network: Network;
  readonly contract: Contract;
  readonly identity: Identity;
  readonly sign: (message: Uint8Array) => Promise<Uint8Array>;
  readonly authority: Authority | undefined;
  /** The same gateway for another member. */
  connectAs(identity: Identity, privateKey: KeyObject, hashing?: Hash): Gateway;
  close(): Promise<void>;
}

/** A Fabric CA and the secret of its registrar `admin`. */
interface Authority {
  readonly url: string;
  readonly name: string;
  readonly secret: string;
  /** PEM, where it speaks TLS. */
  readonly tlsRoot: string | undefined;
}

/** Whether there is an authority to enrol with: the embedded ledger has one, another network may name one. */
export const hasAuthority = settings.gateway === undefined || settings.ca !== undefined;

interface Address {
  readonly host: string;
  readonly credentials: grpc.ChannelCredentials;
  readonly serverName: string | undefined;
  readonly channel: string;
  readonly chaincode: string;
  readonly mspId: string;
  readonly mspFolder: string;
  readonly authority: Authority | undefined;
  close(): Promise<void>;
}

export async function openNetwork(): Promise<NetworkUnderTest> {
  const address = settings.gateway === undefined ? await startEmbedded() : configured();
  const options =
    address.serverName === undefined ? {} : { 'grpc.ssl_target_name_override': address.serverName };
  const client = new grpc.Client(address.host, address.credentials, options);
  const identity = { mspId: address.mspId, credentials: readOnlyFile(join(address.mspFolder, 'signcerts')) };
  const signDigest = signerOf(createPrivateKey(readOnlyFile(join(address.mspFolder, 'keystore'))));
  const gateway = connect({ client, identity, signer: signDigest });
  const network = gateway.getNetwork(address.channel);
  const contract = network.getContract(address.chaincode);
  const close = async (): Promise<void> => {
    gateway.close();
    client.close();
    await address.close();
  };
  const sign = (message: Uint8Array): Promise<Uint8Array> => signDigest(hash.sha256(message));
  return {
    channel: address.channel,
    chaincode: address.chaincode,
    client,
    gateway,
    network,
    contract,
    identity,
    sign,
    authority: address.authority,
    connectAs: (other, privateKey, hashing = hash.sha256) =>
      connect({ client, identity: other, signer: signerOf(privateKey), hash: hashing }),
    close,
  };
}

function configured(): Address {
  const { tlsRoot, tlsName, mspId = 'Org1MSP' } = settings;
  return {
    host: required('gateway'),
    credentials: credentialsFor(rootAt(tlsRoot)),
    serverName: tlsName,
    channel: required('channel'),
    chaincode: required('chaincode'),
    mspId,
    mspFolder: required('msp'),
    authority: hasAuthority ? configuredAuthority() : undefined,
    close: () => Promise.resolve(),
  };
}

function configuredAuthority(): Authority {
  return {
    url: required('ca'),
    name: required('caName'),
    secret: required('caSecret'),
    tlsRoot: rootAt(settings.caTlsRoot),
  };
}

/** The one place that knows the embedded ledger, loaded only where no other network is named. */
async function startEmbedded(): Promise<Address> {
  const { startLedger } = await import('@veritrain/embedded-ledger');
  const data = mkdtempSync(join(tmpdir(), 'conformance-'));
  const chaincode = fileURLToPath(new URL('../probe', import.meta.url));
  const log = (): void => undefined;
  const ledger = await startLedger({
    chaincode,
    data,
    port: 0,
    caPort: 0,
    tls: settings.embeddedTls !== undefined,
    batchTimeoutMs: 20,
    batchSize: 10,
    executeTimeoutMs: 20_000,
    log,
  });
  const user = join('org1.example.com', 'users', 'User1@org1.example.com');
  const tlsRoot = rootAt(ledger.tls?.rootCertificate);
  return {
    host: ledger.gateway,
    credentials: credentialsFor(tlsRoot),
    serverName: undefined,
    channel: ledger.channel,
    chaincode: ledger.chaincode,
    mspId: 'Org1MSP',
    mspFolder: join(ledger.organizations, 'peerOrganizations', user, 'msp'),
    authority: {
      url: ledger.ca,
      name: 'ca-org1',
      secret: readFileSync(ledger.registrar.secretFile, 'utf8').trim(),
      tlsRoot,
    },
    close: async () => {
      await ledger.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function rootAt(path: string | undefined): string | undefined {
  return path === undefined ? undefined : readFileSync(path, 'utf8');
}

function credentialsFor(tlsRoot: string | undefined): grpc.ChannelCredentials {
  if (tlsRoot === undefined) return grpc.credentials.createInsecure();
  return grpc.credentials.createSsl(Buffer.from(tlsRoot));
}

function signerOf(key: KeyObject): Signer {
  return signers.newPrivateKeySigner(key);
}

function required(name: keyof Settings): string {
  const value = settings[name];
  if (value === undefined) throw new Error(`the network under test has no ${name}`);
  return value;
}

function readOnlyFile(folder: string): Buffer {
  const [name] = readdirSync(folder);
  if (name === undefined) throw new Error(`nothing in ${folder}`);
  return readFileSync(join(folder, name));
}
