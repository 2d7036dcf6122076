import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from '../plan/layout.js';
import { writeFile, type Authority } from '../plan/networkFile.js';
import { secretOf } from '../nodes/authority.js';
import { onlyFile } from '../system/onlyFile.js';
import type { Programs } from '../system/programs.js';
import { runProgram } from '../system/runProgram.js';

/** An identity to certify. Its type becomes the certificate's organisational unit. */
export interface Enrollee {
  readonly name: string;
  readonly type: 'admin' | 'client' | 'peer' | 'orderer';
}

export interface IssuedIdentity {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly rootPem: string;
}

/** Reasons of RFC 5280, as Fabric CA writes them. */
export type RevocationReason =
  | 'unspecified'
  | 'keycompromise'
  | 'affiliationchange'
  | 'superseded'
  | 'cessationofoperation'
  | 'privilegewithdrawn';

/** An administrator's connection to one Fabric CA, through Fabric CA's client program. */
export class AuthorityClient {
  private readonly folder: string;

  constructor(
    private readonly layout: Layout,
    private readonly programs: Programs,
    private readonly authority: Authority,
    private readonly tls: boolean,
    private readonly signal?: AbortSignal,
  ) {
    this.folder = join(layout.authority(authority.name), 'client');
  }

  /** Enrols as the registrar, which alone may register. */
  async open(): Promise<void> {
    const url = this.url('admin', secretOf(this.layout, this.authority));
    await this.run(['enroll'], { FABRIC_CA_CLIENT_URL: url, FABRIC_CA_CLIENT_MSPDIR: this.registrarMsp });
  }

  /** Deletes the files of all enrolments. */
  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async register({ name, type }: Enrollee): Promise<string> {
    const secret = randomBytes(24).toString('base64url');
    await this.run(['register', '--id.name', name, '--id.type', type], {
      FABRIC_CA_CLIENT_URL: this.url(),
      FABRIC_CA_CLIENT_MSPDIR: this.registrarMsp,
      FABRIC_CA_CLIENT_ID_SECRET: secret,
    });
    return secret;
  }

  /** Enrols a certificate for an identity or, with host names, for a server's TLS. */
  async enrol(name: string, secret: string, tlsHosts: readonly string[] = []): Promise<IssuedIdentity> {
    const msp = join(this.folder, `${name}-${tlsHosts.length === 0 ? 'identity' : 'tls'}`);
    // Without hosts the client would write this machine's name into the certificate, and so into every endorsement.
    const hosts = ['--csr.hosts', (tlsHosts.length === 0 ? [name] : tlsHosts).join(',')];
    const profile = tlsHosts.length === 0 ? [] : ['--enrollment.profile', 'tls'];
    await this.run(['enroll', ...profile, ...hosts], {
      FABRIC_CA_CLIENT_URL: this.url(name, secret),
      FABRIC_CA_CLIENT_MSPDIR: msp,
    });
    return {
      certificatePem: onlyFile(join(msp, 'signcerts')).toString(),
      keyPem: onlyFile(join(msp, 'keystore')).toString(),
      rootPem: onlyFile(join(msp, tlsHosts.length === 0 ? 'cacerts' : 'tlscacerts')).toString(),
    };
  }

  /** Revokes all certificates of an identity, which then cannot enrol any more. A revocation is final. */
  async revoke(name: string, reason: RevocationReason): Promise<void> {
    await this.run(['revoke', '--revoke.name', name, '--revoke.reason', reason], {
      FABRIC_CA_CLIENT_URL: this.url(),
      FABRIC_CA_CLIENT_MSPDIR: this.registrarMsp,
    });
  }

  /** The list of all revoked, unexpired certificates, as PEM. */
  async revocationList(): Promise<string> {
    await this.run(['gencrl'], {
      FABRIC_CA_CLIENT_URL: this.url(),
      FABRIC_CA_CLIENT_MSPDIR: this.registrarMsp,
    });
    return onlyFile(join(this.registrarMsp, 'crls')).toString();
  }

  private get registrarMsp(): string {
    return join(this.folder, 'registrar');
  }

  private url(name?: string, secret = ''): string {
    const user = name === undefined ? '' : `${name}:${secret}@`;
    return `${this.tls ? 'https' : 'http'}://${user}localhost:${this.authority.ports.listen}`;
  }

  /** Secrets are passed in environment variables, since every user of the machine can see arguments. */
  private run(args: readonly string[], environment: Record<string, string>): Promise<string> {
    return runProgram({
      program: this.programs.path('fabric-ca-client'),
      arguments: [...args, '--caname', this.authority.name],
      environment: {
        ...environment,
        FABRIC_CA_CLIENT_HOME: this.folder,
        FABRIC_CA_CLIENT_LOGLEVEL: 'warning',
        ...(this.tls
          ? { FABRIC_CA_CLIENT_TLS_CERTFILES: this.layout.authorityRoot(this.authority.name) }
          : {}),
      },
      signal: this.signal,
    });
  }
}

/** Writes an identity as an MSP folder in cryptogen's layout. */
export function writeMsp(
  folder: string,
  { certificatePem, keyPem, rootPem }: IssuedIdentity,
  { name, domain }: { name: string; domain: string },
): void {
  writeFile(join(folder, 'signcerts', `${name}-cert.pem`), certificatePem);
  writeFile(join(folder, 'keystore', 'priv_sk'), keyPem, 0o600);
  writeOrganizationMsp(folder, rootPem, domain);
}

/** The MSP that verifies an organisation's members: its root, and the roles of its certificates' units. */
export function writeOrganizationMsp(folder: string, rootPem: string, domain: string): void {
  const root = `cacerts/ca.${domain}-cert.pem`;
  writeFile(join(folder, root), rootPem);
  writeFile(join(folder, 'tlscacerts', `tlsca.${domain}-cert.pem`), rootPem);
  const unit = (name: string): string =>
    `  ${name}OUIdentifier: { Certificate: ${root}, OrganizationalUnitIdentifier: ${name.toLowerCase()} }\n`;
  const units = ['Client', 'Peer', 'Admin', 'Orderer'].map(unit).join('');
  writeFile(join(folder, 'config.yaml'), `NodeOUs:\n  Enable: true\n${units}`);
}

export function writeServerTls(folder: string, { certificatePem, keyPem, rootPem }: IssuedIdentity): void {
  writeFile(join(folder, 'server.crt'), certificatePem);
  writeFile(join(folder, 'server.key'), keyPem, 0o600);
  writeFile(join(folder, 'ca.crt'), rootPem);
}
