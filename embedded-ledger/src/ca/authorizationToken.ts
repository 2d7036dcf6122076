import { X509Certificate } from 'node:crypto';
import { verifyLowS } from '../identity/signature.js';
import { subjectValues } from '../identity/subject.js';
import { authenticationFailure, CaError } from './caError.js';

/** The parts of an HTTP request that a token signs. */
export interface SignedHttpRequest {
  readonly method: string;
  readonly uri: string;
  readonly body: string;
  readonly authorization: string | undefined;
}

/**
 * Verifies Fabric CA's token, `base64(certificate).base64(signature)`. A certificate of this authority must have signed
 * `method.base64(uri).base64(body).base64(certificate)`.
 * @returns the enrolment id: the certificate's common name
 */
export function authenticateToken(request: SignedHttpRequest, authority: X509Certificate): string {
  const { authorization } = request;
  if (authorization === undefined || authorization === '')
    throw new CaError(401, 2, 'No authorization header');
  const [encodedCertificate, signature, ...rest] = authorization.split('.');
  if (encodedCertificate === undefined || signature === undefined || rest.length > 0)
    throw authenticationFailure();
  const certificate = readCertificate(encodedCertificate);
  const signed = `${request.method}.${base64(request.uri)}.${base64(request.body)}.${encodedCertificate}`;
  const verified = verifyLowS(certificate.publicKey, Buffer.from(signed), Buffer.from(signature, 'base64'));
  if (!verified || !isOf(authority, certificate)) throw authenticationFailure();
  return subjectValues(certificate, 'CN')[0] ?? '';
}

function isOf(authority: X509Certificate, certificate: X509Certificate): boolean {
  return (
    certificate.checkIssued(authority) &&
    certificate.verify(authority.publicKey) &&
    certificate.validToDate.getTime() > Date.now()
  );
}

/** User and secret of a basic authorization header. */
export function readBasicAuthorization(authorization: string | undefined): { id: string; secret: string } {
  if (authorization === undefined || authorization === '')
    throw new CaError(401, 2, 'No authorization header');
  const [scheme, credentials] = authorization.split(' ');
  const decoded = Buffer.from(credentials ?? '', 'base64').toString();
  const colon = decoded.indexOf(':');
  if (scheme?.toLowerCase() !== 'basic' || colon < 0) throw authenticationFailure();
  return { id: decoded.slice(0, colon), secret: decoded.slice(colon + 1) };
}

function readCertificate(encoded: string): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(encoded, 'base64'));
  } catch {
    throw authenticationFailure();
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
