import type { z } from 'zod';
import { TrainingError } from '../errors.js';
import { schemaFault } from '../schemaFault.js';

/** Checks a caller's choices by a schema. @throws TrainingError VT7501 */
export function checkArgument(schema: z.ZodType, value: unknown): void {
  const { error } = schema.safeParse(value);
  if (error === undefined) return;
  const { what, cause } = schemaFault(error);
  throw new TrainingError('VT7501', what, {}, cause);
}
