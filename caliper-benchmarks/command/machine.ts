import { availableParallelism, cpus, totalmem } from 'node:os';
import { z } from 'zod';

export const machineSchema = z.strictObject({
  cpu: z.string(),
  cores: z.int().positive(),
  memoryBytes: z.int().positive(),
  /** Version of Node, such as `v22.23.3`. */
  node: z.string(),
});
/** The machine of a measurement. */
export type Machine = z.infer<typeof machineSchema>;

export const thisMachine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryBytes: totalmem(),
  node: process.version,
});
