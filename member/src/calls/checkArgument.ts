import type { z } from 'zod';
import { memberError } from '../errors/memberError.js';

/** An argument of an application, of the form that the schema has. @throws WRONG_ARGUMENT naming the first wrong field */
export function checkArgument<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const checked = schema.safeParse(given);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw memberError('VT9001', `${field === '' ? 'The argument' : field}: ${issue?.message ?? 'is wrong'}.`, {
    facts: { field },
    hint: 'Mend the named field; the types of the library say what it takes.',
  });
}
