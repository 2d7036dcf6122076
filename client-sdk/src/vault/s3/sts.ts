import { z } from 'zod';
import type { AccessKeys } from './credentials.js';
import { fieldOf } from './refusal.js';
import { type Service, callService } from './signedRequest.js';

/** Keys that expire. */
export interface TemporaryAccess {
  /** Which key. */
  readonly accessKey: string;
  /** Its secret. */
  readonly secretKey: string;
  /** What shows that they are temporary. */
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const answerSchema = z.object({
  accessKey: z.string().min(1),
  secretKey: z.string().min(1),
  sessionToken: z.string().min(1),
  expiresAt: z.string().transform((at, context) => {
    const ms = Date.parse(at);
    if (!Number.isNaN(ms)) return ms;
    context.addIssue('no date');
    return z.NEVER;
  }),
});

export interface StsCall {
  /** Such as `AssumeRole`, with its parameters. */
  readonly form: Readonly<Record<string, string>>;
  /** Who asks, where the service wants a signature. */
  readonly signer?: { readonly keys: AccessKeys; readonly region: string } | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Asks a Security Token Service for keys. @throws S3Refusal; what keeps the service from answering */
export async function askSts(sts: Service, { form, signer, signal }: StsCall): Promise<TemporaryAccess> {
  const xml = await callService(sts, {
    method: 'POST',
    path: '/',
    body: new URLSearchParams({ ...form, Version: '2011-06-15' }).toString(),
    contentType: 'application/x-www-form-urlencoded',
    signer: signer && { ...signer, service: 'sts' },
    signal,
  });
  return answerSchema.parse({
    accessKey: fieldOf(xml, 'AccessKeyId'),
    secretKey: fieldOf(xml, 'SecretAccessKey'),
    sessionToken: fieldOf(xml, 'SessionToken'),
    expiresAt: fieldOf(xml, 'Expiration'),
  });
}
