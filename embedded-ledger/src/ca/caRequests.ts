import { z } from 'zod';
import { CaError } from './caError.js';

/** Any text, as in Fabric CA. A certificate's subject is built from values, never parsed from text. */
const text = z.string().regex(/^\P{Surrogate}*$/u, 'text without half a surrogate pair');
/** The column width of Fabric CA's databases. */
const enrollmentId = text.min(1).max(255);
const identityType = text.max(256);
const affiliation = text.max(1024).regex(/^([^.]+(\.[^.]+)*|\.)?$/, 'names joined by dots');

const attribute = z.object({
  name: z.string().min(1).max(256),
  value: z.string().max(4096),
  ecert: z.boolean().nullish(),
});

const registration = z.object({
  id: enrollmentId,
  type: identityType.nullish(),
  secret: z.string().max(512).nullish(),
  affiliation: affiliation.nullish(),
  max_enrollments: z.number().int().min(-1).nullish(),
  attrs: z.array(attribute).max(100).nullish(),
});

const enrollment = z.object({
  certificate_request: z.string().min(1),
  attr_reqs: z
    .array(z.object({ name: z.string().min(1), optional: z.boolean().nullish() }))
    .max(100)
    .nullish(),
});

const named = z.object({ caname: z.string().nullish() });

export type RegistrationRequest = z.infer<typeof registration>;
export type EnrollmentRequest = z.infer<typeof enrollment>;

export function readRegistration(body: unknown): RegistrationRequest {
  return read(registration, body);
}

export function readEnrollment(body: unknown): EnrollmentRequest {
  return read(enrollment, body);
}

/** The authority that the request names; undefined for the default one. */
export function readAuthorityName(body: unknown): string | undefined {
  return read(named, body).caname ?? undefined;
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new CaError(400, 5, `Invalid request body: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}
