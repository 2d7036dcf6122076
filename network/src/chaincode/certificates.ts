import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { writeFile } from '../plan/networkFile.js';

x509.cryptoProvider.set(webcrypto);

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const yearMs = 365 * 24 * 3_600_000;
const skewMs = 5 * 60_000;

/** Files of the TLS between one peer and its chaincode servers. */
export interface ChaincodeTls {
  readonly root: string;
  readonly server: { readonly certificate: string; readonly key: string };
  /** The peer's client certificate. */
  readonly client: { readonly certificate: string; readonly key: string };
}

export const chaincodeTlsFiles = (folder: string): ChaincodeTls => ({
  root: join(folder, 'root.crt'),
  server: { certificate: join(folder, 'server.crt'), key: join(folder, 'server.key') },
  client: { certificate: join(folder, 'client.crt'), key: join(folder, 'client.key') },
});

/**
 * Creates the certificates with which a peer and its chaincode servers verify each other, once. Their authority serves
 * no other purpose and its key is discarded, so nobody else can ever connect to either.
 */
export async function createChaincodeTls(folder: string): Promise<ChaincodeTls> {
  const files = chaincodeTlsFiles(folder);
  if (existsSync(files.root)) return files;
  const keys = await generateKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...common('chaincode authority'),
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  for (const role of ['server', 'client'] as const)
    await issue(authority, keys.privateKey, role, files[role]);
  // Written last: its presence shows that all files exist.
  writeFile(files.root, authority.toString('pem'));
  return files;
}

/** The content of a file, as `connection.json` needs it. */
export const readPem = (path: string): string => readFileSync(path, 'utf8');

async function issue(
  authority: x509.X509Certificate,
  signingKey: webcrypto.CryptoKey,
  role: 'server' | 'client',
  files: { certificate: string; key: string },
): Promise<void> {
  const keys = await generateKeys();
  const usage = role === 'server' ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth;
  const { name: subject, ...rest } = common(`chaincode ${role}`);
  const certificate = await x509.X509CertificateGenerator.create({
    ...rest,
    subject,
    issuer: authority.subject,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([usage]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(authority, false),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  writeFile(files.key, x509.PemConverter.encode(key, 'PRIVATE KEY'), 0o600);
  writeFile(files.certificate, certificate.toString('pem'));
}

const generateKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

function common(commonName: string): {
  name: string;
  serialNumber: string;
  notBefore: Date;
  notAfter: Date;
  signingAlgorithm: typeof algorithm;
} {
  const now = Date.now();
  // A serial number is a positive integer, so its first bit is 0.
  const serial = randomBytes(16);
  serial.writeUInt8(serial.readUInt8() & 0x7f);
  return {
    name: `CN=${commonName}`,
    serialNumber: serial.toString('hex'),
    notBefore: new Date(now - skewMs),
    notAfter: new Date(now + 10 * yearMs),
    signingAlgorithm: algorithm,
  };
}
