import { X509Certificate } from 'node:crypto';
import { sdkError } from '../errors/veritrainError.js';
import { readPrivateKey } from './signer.js';

/** Who speaks to the ledger: an enrolment's certificate and key, both PEM. */
export interface LedgerIdentity {
  /** The MSP id of its organisation. */
  readonly mspId: string;
  /** The certificate, PEM. */
  readonly certificatePem: string;
  /** Its private key, P-256 or P-384, PEM. */
  readonly privateKeyPem: string;
}

/**
 * Checks that certificate and key belong together. Sends nothing. @returns the same identity
 *
 * @throws IDENTITY_INVALID when the certificate cannot be read, or is for another key
 */
export function checkIdentity({ mspId, certificatePem, privateKeyPem }: LedgerIdentity): LedgerIdentity {
  const key = readPrivateKey(privateKeyPem);
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(certificatePem);
  } catch (cause) {
    throw sdkError('VT8003', 'The certificate cannot be read as PEM.', { facts: { mspId }, cause });
  }
  if (!certificate.checkPrivateKey(key))
    throw sdkError('VT8003', 'The private key is not the one of the certificate.', {
      facts: { mspId, subject: certificate.subject.replaceAll('\n', ', ') },
    });
  return { mspId, certificatePem, privateKeyPem };
}
