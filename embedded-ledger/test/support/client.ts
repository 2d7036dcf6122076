import { createPrivateKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { connect, hash } from '@hyperledger/fabric-gateway';
import type { Contract, Gateway, Network } from '@hyperledger/fabric-gateway';
import { signLowS } from '../../src/identity/signature.js';

export interface Connection {
  readonly gateway: Gateway;
  readonly network: Network;
  readonly contract: Contract;
  close(): void;
}

interface Address {
  readonly gateway: string;
  readonly tls?: { readonly rootCertificate: string } | undefined;
  readonly channel: string;
  readonly chaincode: string;
  readonly organizations: string;
}

/** The genuine client as `User1` of an organisation. */
export function connectTo(address: Address, organization = 1): Connection {
  return connectAs(address, organization, (domain) => join('users', `User1@${domain}`));
}

/** The genuine client with the identity in a folder of an organisation. */
export function connectAs(
  address: Address,
  organization: number,
  holder: (domain: string) => string,
): Connection {
  const domain = `org${String(organization)}.example.com`;
  const msp = join(address.organizations, 'peerOrganizations', domain, holder(domain), 'msp');
  return connectWith(address, `Org${String(organization)}MSP`, msp);
}

/** The genuine client with the identity in an MSP folder. */
export function connectWith(address: Address, mspId: string, msp: string): Connection {
  const credentials = readOnlyFile(join(msp, 'signcerts'));
  const privateKey = createPrivateKey(readOnlyFile(join(msp, 'keystore')));
  const client = new grpc.Client(address.gateway, credentialsFor(address));
  const gateway = connect({
    client,
    identity: { mspId, credentials },
    signer: (message) => Promise.resolve(signLowS(privateKey, message)),
    hash: hash.none,
  });
  const network = gateway.getNetwork(address.channel);
  const close = (): void => {
    gateway.close();
    client.close();
  };
  return { gateway, network, contract: network.getContract(address.chaincode), close };
}

function credentialsFor({ tls }: Address): grpc.ChannelCredentials {
  if (tls === undefined) return grpc.credentials.createInsecure();
  return grpc.credentials.createSsl(readFileSync(tls.rootCertificate));
}

export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

function readOnlyFile(folder: string): Buffer {
  const [name] = readdirSync(folder);
  if (name === undefined) throw new Error(`nothing in ${folder}`);
  return readFileSync(join(folder, name));
}
