import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Templates of configuration files and the builder's scripts, which are part of this package. */
export const templatesFolder = fileURLToPath(new URL('../../templates', import.meta.url));
export const builderFolder = join(templatesFolder, 'builder');

/** The compiled program, since it runs as a process. */
export const distanceProgram = fileURLToPath(new URL('../../dist/distance/main.js', import.meta.url));

/** Folders and files of a network. Certificates and keys have the layout of Fabric's cryptogen. */
export class Layout {
  constructor(readonly folder: string) {}

  get organizations(): string {
    return join(this.folder, 'organizations');
  }

  get genesisBlock(): string {
    return join(this.folder, 'channel', 'genesis.block');
  }

  get logs(): string {
    return join(this.folder, 'logs');
  }

  get processes(): string {
    return join(this.folder, 'processes');
  }

  get connectionFile(): string {
    return join(this.folder, 'connection.json');
  }

  peerOrganization(domain: string): string {
    return join(this.organizations, 'peerOrganizations', domain);
  }

  orderingOrganization(domain: string): string {
    return join(this.organizations, 'ordererOrganizations', domain);
  }

  peer(domain: string, hostName: string): NodeFolders {
    return this.node(join(this.peerOrganization(domain), 'peers', hostName), hostName);
  }

  orderer(domain: string, hostName: string): NodeFolders {
    return this.node(join(this.orderingOrganization(domain), 'orderers', hostName), hostName);
  }

  /** MSP folder of a user of a peer organisation, such as `Admin`. */
  user(domain: string, user: string): string {
    return join(this.peerOrganization(domain), 'users', `${user}@${domain}`, 'msp');
  }

  /** The folder of a Fabric CA's keys and database. */
  authority(name: string): string {
    return join(this.folder, 'authorities', name);
  }

  /** Root of all certificates of a Fabric CA, including its own as a server. */
  authorityRoot(name: string): string {
    return join(this.authority(name), 'ca-cert.pem');
  }

  /** The secret of a Fabric CA's registrar, `admin`. */
  registrarSecret(authority: string): string {
    return join(this.authority(authority), 'registrar.secret');
  }

  chaincode(domain: string): string {
    return join(this.folder, 'chaincode', domain);
  }

  private node(credentials: string, hostName: string): NodeFolders {
    const home = join(this.folder, 'nodes', hostName);
    return {
      mspFolder: join(credentials, 'msp'),
      tlsFolder: join(credentials, 'tls'),
      configFolder: home,
      dataFolder: join(home, 'data'),
    };
  }
}

export interface NodeFolders {
  readonly mspFolder: string;
  /** `ca.crt`, `server.crt`, `server.key` */
  readonly tlsFolder: string;
  /** The value of FABRIC_CFG_PATH: the folder of `core.yaml` or `orderer.yaml`. */
  readonly configFolder: string;
  readonly dataFolder: string;
}
