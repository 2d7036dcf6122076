import { z } from 'zod';
import { shape } from '../story/shape.js';

/** Arguments of the workload `mix`. */
export const mixArguments = shape
  .extend({
    /** How many run side by side at most, of all workers together. Default: as many as the load keeps busy. */
    couples: z.int().min(1).optional(),
    /** Whether so many run when the round begins, at points that are spread over a couple's whole length. */
    spread: z.boolean().default(false),
    /** How many members play them, of all workers together. Default: one cast for each worker. */
    members: z.int().min(1).optional(),
  })
  .refine(({ couples, spread }) => !spread || couples !== undefined, {
    message: '`spread` needs `couples`',
  });
