import { z } from 'zod';
import { tableValues } from '../tableOptions.js';

const wholeNumber = (least: number, most: number) => {
  const range = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, range)
    .transform(Number)
    .pipe(z.number().min(least, range).max(most, range));
};

const text = (what: string, mostCharacters: number) =>
  z
    .string()
    .min(1, `must be ${what}`)
    .max(mostCharacters, `must be ${what} of at most ${mostCharacters} characters`);

/** What `veritrain demo` takes, as it was typed, checked. Without a table it is the one that ships with the demo. */
export const demoInput = z.strictObject({
  data: text('the path of a CSV file', 4096).optional(),
  target: text('the name of a column', 200).default('target'),
  ...tableValues,
  subsets: wholeNumber(2, 1000).default(3),
  replicas: wholeNumber(1, 15).default(3),
  rounds: wholeNumber(1, 5000).default(20),
  seed: text('a word or a number', 200).optional(),
  report: text('the path of the file to write', 4096).default('report.html'),
  fabric: z.boolean().default(false),
  minio: z.boolean().default(false),
  keep: z.boolean().default(false),
  untilStdinEnds: z.boolean().default(false),
});

export type DemoInput = z.output<typeof demoInput>;
