import type { X509Certificate } from 'node:crypto';

/**
 * The values of one field of a certificate's subject, in their order, as they were written. The subject as text escapes
 * some letters of names, and joins names that stand in one group by plus signs.
 */
export function subjectValues(certificate: X509Certificate, field: 'CN' | 'OU'): readonly string[] {
  const values = certificate.toLegacyObject().subject[field] ?? [];
  return typeof values === 'string' ? [values] : values;
}
