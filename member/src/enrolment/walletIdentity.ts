import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { memberError } from '../errors/memberError.js';
import { didYouMean, thereAre } from '../errors/nearest.js';
import { parseUserJson, readUserFile } from '../home/userInput.js';
import type { Credentials } from './mspUser.js';

const pem = z.string().startsWith('-----BEGIN ');

/** The file `<label>.id` in a filesystem wallet of fabric-network, Fabric's SDK before the gateway. */
const walletIdentitySchema = z.object({
  credentials: z.object({ certificate: pem, privateKey: pem }),
  mspId: z.string().min(1),
  type: z.literal('X.509', 'must be X.509: the wallet does not hold the key of any other identity'),
  version: z.literal(1),
});

const extension = '.id';

/**
 * Reads certificate and key of an identity in a wallet folder of fabric-network.
 * @throws IDENTITY_MISSING listing the identities, FILE_INVALID
 */
export function readWalletIdentity(wallet: string, label?: string): Credentials {
  const labels = labelsOf(wallet);
  if (label === undefined) {
    throw memberError('VT9001', `Choose an identity of the wallet with --identity; ${thereAre(labels)}.`);
  }
  if (!labels.includes(label)) {
    throw memberError(
      'VT9104',
      `The wallet has no identity ${label}; ${thereAre(labels)}.${didYouMean(label, labels)}`,
      { facts: { lookedIn: wallet }, hint: 'Look in the wallet folder: each identity is a file <label>.id.' },
    );
  }
  const path = join(wallet, `${label}${extension}`);
  const text = readUserFile(path, 'wallet identity');
  const { credentials, mspId } = parseUserJson(text, walletIdentitySchema, path, 'wallet identity');
  return { mspId, certificatePem: credentials.certificate, privateKeyPem: credentials.privateKey };
}

function labelsOf(wallet: string): string[] {
  if (!existsSync(wallet)) return [];
  return readdirSync(wallet)
    .filter((name) => name.endsWith(extension))
    .map((name) => name.slice(0, -extension.length))
    .sort();
}
