import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** Fabric CA's extension for attributes: `{"attrs":{name:value}}` as JSON. */
const ATTRIBUTES_EXTENSION = '1.2.3.4.5.6.7.8.1';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const CLOCK_SKEW_MS = 5 * 60_000;
const YEAR_MS = 365 * 24 * 3_600_000;

/** A certificate and its private key (PKCS 8), both as PEM. */
export interface IssuedIdentity {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

export interface SubjectRequest {
  readonly commonName: string;
  /** The holder's role in Fabric: client, admin, peer or orderer. It comes before the affiliations. */
  readonly organizationalUnits: readonly string[];
  readonly publicKey: webcrypto.CryptoKey | x509.PublicKey;
  readonly attributes?: Readonly<Record<string, string>>;
  /** The holder's host names and IP addresses. */
  readonly hosts?: readonly string[];
  /** True for either end of a TLS connection, server or client. */
  readonly forTls?: boolean;
  readonly validForMs?: number;
}

/** Makes a self-signed root, valid for ten years. */
export async function createAuthority(commonName: string, organization: string): Promise<IssuedIdentity> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(10 * YEAR_MS),
    serialNumber: serialNumber(),
    name: [
      { C: ['US'] },
      { ST: ['California'] },
      { L: ['San Francisco'] },
      { O: [organization] },
      { CN: [commonName] },
    ],
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature |
          x509.KeyUsageFlags.keyEncipherment |
          x509.KeyUsageFlags.keyCertSign |
          x509.KeyUsageFlags.cRLSign,
        true,
      ),
      new x509.ExtendedKeyUsageExtension([
        x509.ExtendedKeyUsage.clientAuth,
        x509.ExtendedKeyUsage.serverAuth,
      ]),
      new x509.BasicConstraintsExtension(true, undefined, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificatePem: pem(certificate), privateKeyPem: await exportKey(keys.privateKey) };
}

/** Signs certificates with one root's key. */
export class CertificateIssuer {
  private constructor(
    private readonly authority: x509.X509Certificate,
    private readonly signingKey: webcrypto.CryptoKey,
  ) {}

  static async open(authority: IssuedIdentity): Promise<CertificateIssuer> {
    const der = x509.PemConverter.decodeFirst(authority.privateKeyPem);
    const key = await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
    return new CertificateIssuer(new x509.X509Certificate(authority.certificatePem), key);
  }

  /** Makes a key pair and the certificate for it. */
  async issueWithNewKey(subject: Omit<SubjectRequest, 'publicKey'>): Promise<IssuedIdentity> {
    const keys = await generateKeys();
    const certificatePem = await this.issue({ ...subject, publicKey: keys.publicKey });
    return { certificatePem, privateKeyPem: await exportKey(keys.privateKey) };
  }

  /** Signs a certificate, valid for ten years unless the request says otherwise. */
  async issue(request: SubjectRequest): Promise<string> {
    const certificate = await x509.X509CertificateGenerator.create({
      ...validity(request.validForMs ?? 10 * YEAR_MS),
      serialNumber: serialNumber(),
      subject: subjectOf(request),
      issuer: this.authority.subject,
      signingAlgorithm: ALGORITHM,
      publicKey: request.publicKey,
      signingKey: this.signingKey,
      extensions: [...(await this.extensionsFor(request)), ...namesOf(request)],
    });
    return pem(certificate);
  }

  private async extensionsFor(request: SubjectRequest): Promise<x509.Extension[]> {
    const extensions: x509.Extension[] = [
      ...usagesOf(request),
      new x509.BasicConstraintsExtension(false, undefined, true),
      await x509.SubjectKeyIdentifierExtension.create(request.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(this.authority.publicKey),
    ];
    if (request.attributes !== undefined) {
      const json = Buffer.from(JSON.stringify({ attrs: request.attributes }));
      extensions.push(new x509.Extension(ATTRIBUTES_EXTENSION, false, json));
    }
    return extensions;
  }
}

/** Names are passed as UTF-8 values. Plain text would be parsed for quotes, backslashes and a leading #. */
function subjectOf({ organizationalUnits, commonName }: SubjectRequest): x509.Name {
  return new x509.Name([
    { C: ['US'] },
    { ST: ['California'] },
    { L: ['San Francisco'] },
    ...organizationalUnits.map((unit) => ({ OU: [{ utf8String: unit }] })),
    { CN: [{ utf8String: commonName }] },
  ]);
}

function usagesOf({ forTls }: SubjectRequest): x509.Extension[] {
  const { digitalSignature, keyEncipherment } = x509.KeyUsageFlags;
  if (forTls !== true) return [new x509.KeyUsagesExtension(digitalSignature, true)];
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
  return [
    new x509.KeyUsagesExtension(digitalSignature | keyEncipherment, true),
    new x509.ExtendedKeyUsageExtension([serverAuth, clientAuth]),
  ];
}

function namesOf({ hosts = [] }: SubjectRequest): x509.Extension[] {
  if (hosts.length === 0) return [];
  const names = hosts.map((value) => ({
    type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const),
    value,
  }));
  return [new x509.SubjectAlternativeNameExtension(names)];
}

/** Reads a PKCS 10 request and verifies its signature. Returns undefined if it is malformed or badly signed. */
export async function readSigningRequest(
  requestPem: string,
): Promise<
  { readonly commonName: string; readonly publicKey: x509.PublicKey; readonly hosts: string[] } | undefined
> {
  try {
    const request = new x509.Pkcs10CertificateRequest(requestPem);
    if (!(await request.verify())) return undefined;
    const alternative = request.getExtension(SUBJECT_ALTERNATIVE_NAME);
    const names = alternative instanceof x509.SubjectAlternativeNameExtension ? alternative.names.items : [];
    const hosts = names.filter((name) => name.type === 'dns').map((name) => name.value);
    return { commonName: request.subjectName.getField('CN')[0] ?? '', publicKey: request.publicKey, hosts };
  } catch {
    return undefined;
  }
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', key);
  return `${x509.PemConverter.encode(der, 'PRIVATE KEY')}\n`;
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}

function validity(forMs: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - CLOCK_SKEW_MS), notAfter: new Date(now + forMs) };
}

/** 127 random bits: positive, and unique. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x7f || 0x01;
  return bytes.toString('hex');
}
