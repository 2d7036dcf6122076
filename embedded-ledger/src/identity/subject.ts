import type { X509Certificate } from 'node:crypto';

/**
 * The values of one field of a certificate's subject, in order and unescaped. The subject as text escapes some letters
 * of names, and joins the names of one group by plus signs.
 */
export function subjectValues(certificate: X509Certificate, field: 'CN' | 'OU'): readonly string[] {
  const values = certificate.toLegacyObject().subject[field] ?? [];
  return typeof values === 'string' ? [values] : values;
}
