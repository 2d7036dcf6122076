import { z } from 'zod';
import { CaError } from './caError.js';

/** Letters that mean nothing in a distinguished name. */
const enrollmentId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@:/-]{0,63}$/, 'letters, digits and . _ @ : / -');
const affiliation = z
  .string()
  .regex(/^([A-Za-z0-9_-]{1,64}(\.[A-Za-z0-9_-]{1,64})*|\.)?$/, 'names joined by dots');

const attribute = z.object({
  name: z.string().min(1).max(256),
  value: z.string().max(4096),
  ecert: z.boolean().nullish(),
});

const registration = z.object({
  id: enrollmentId,
  type: z.enum(['client', 'peer', 'admin', 'orderer', '']).nullish(),
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
