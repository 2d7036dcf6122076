import { createPrivateKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, credentials } from '@grpc/grpc-js';
import { connect, signers, type Contract } from '@hyperledger/fabric-gateway';
import type { NetworkFile } from '@veritrain/network';

export interface OpenContract {
  readonly contract: Contract;
  close(): void;
}

/** A contract at the gateway of an organisation, reached as its connection profile says. */
export function openContract(
  folder: string,
  network: NetworkFile,
  { organization: number, chaincode }: { organization: number; chaincode: string },
): OpenContract {
  const { name, domain, mspId, peer } = network.organizations[number - 1]!;
  const home = join(folder, 'organizations', 'peerOrganizations', domain);
  const profile = JSON.parse(
    readFileSync(join(home, `connection-${name.toLowerCase()}.json`), 'utf8'),
  ) as Profile;
  const { url, tlsCACerts } = profile.peers[peer.hostName]!;
  const tls =
    tlsCACerts === undefined
      ? credentials.createInsecure()
      : credentials.createSsl(Buffer.from(tlsCACerts.pem));
  const client = new Client(new URL(url).host, tls, { 'grpc.enable_http_proxy': 0 });
  const msp = join(home, 'users', `Admin@${domain}`, 'msp');
  const gateway = connect({
    client,
    identity: { mspId, credentials: onlyFile(join(msp, 'signcerts')) },
    signer: signers.newPrivateKeySigner(createPrivateKey(onlyFile(join(msp, 'keystore')))),
  });
  return {
    contract: gateway.getNetwork(network.channel).getContract(chaincode),
    close: () => {
      gateway.close();
      client.close();
    },
  };
}

interface Profile {
  readonly peers: Readonly<Record<string, { url: string; tlsCACerts?: { pem: string } }>>;
}

const onlyFile = (folder: string): Buffer => readFileSync(join(folder, readdirSync(folder)[0]!));
