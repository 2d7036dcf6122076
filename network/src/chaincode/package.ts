import { createHash } from 'node:crypto';
import { existsSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { readPem, type ChaincodeTls } from './certificates.js';

export interface ServicePackage {
  readonly path: string;
  /** The id that the peer will compute: label and SHA-256 of the package. */
  readonly packageId: string;
}

export interface ServicePackageInput {
  /** The path to write it to. */
  readonly path: string;
  readonly label: string;
  /** `host:port` of the chaincode server. */
  readonly address: string;
  readonly tls: ChaincodeTls;
  /** The chaincode's own folder, for its META-INF. */
  readonly chaincode: string;
}

/**
 * Builds a package for chaincode as a service. It contains no code, only the server's address and certificates. The
 * same input gives the same bytes, and so the same package id, on every machine.
 */
export async function packService(input: ServicePackageInput): Promise<ServicePackage> {
  mkdirSync(dirname(input.path), { recursive: true });
  const folder = mkdtempSync(`${input.path}-`);
  try {
    const { tls, address } = input;
    writeJson(join(folder, 'connection.json'), {
      address,
      dial_timeout: '10s',
      tls_required: true,
      client_auth_required: true,
      client_key: readPem(tls.client.key),
      client_cert: readPem(tls.client.certificate),
      root_cert: readPem(tls.root),
    });
    const indexes = join(input.chaincode, 'META-INF');
    const hasIndexes = existsSync(indexes);
    if (hasIndexes) cpSync(indexes, join(folder, 'META-INF'), { recursive: true });
    await archive(folder, 'code.tar.gz', ['connection.json', ...(hasIndexes ? ['META-INF'] : [])]);
    writeJson(join(folder, 'metadata.json'), { type: 'ccaas', label: input.label });
    await archive(folder, input.path, ['metadata.json', 'code.tar.gz']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const digest = createHash('sha256').update(readFileSync(input.path)).digest('hex');
  return { path: input.path, packageId: `${input.label}:${digest}` };
}

const writeJson = (path: string, value: object): void =>
  writeFileSync(path, `${JSON.stringify(value)}\n`, { mode: 0o644 });

const archive = (cwd: string, file: string, entries: string[]): Promise<void> =>
  create(
    {
      cwd,
      file: file.startsWith('/') ? file : join(cwd, file),
      gzip: { portable: true },
      portable: true,
      noMtime: true,
    },
    entries,
  );
