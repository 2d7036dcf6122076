import { z } from 'zod';
import { shape } from '../story/shape.js';

/** Arguments of the workload `mix`. */
export const mixArguments = shape
  .extend({
    /** Maximum simultaneous couples of all workers together. Default: as many as the load keeps busy. */
    couples: z.int().min(1).optional(),
    /** Whether this many couples run when the round begins, at points spread over a couple's whole length. */
    spread: z.boolean().default(false),
    /** Number of members that play them, of all workers together. Default: one cast for each worker. */
    members: z.int().min(1).optional(),
  })
  .refine(({ couples, spread }) => !spread || couples !== undefined, {
    message: '`spread` needs `couples`',
  });
