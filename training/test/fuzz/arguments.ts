import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { TrainingError } from '@veritrain/training';

/** The text of `--help`. */
export const help = `npm run fuzz -w @veritrain/training -- [options]

Mutates what members of a couple read of each other (keys, models, updates with
and without set-ups, packages, templates, codebooks, programs, results), the
states that a model owner keeps, of all families, encrypted and in clear, and
tables. Each input must bring an error with a code, or something that can be
used, saved and shown; no input may hang, and memory must not grow. Progress
goes to stderr.

  --count <n>        inputs in all (default 100000)
  --seed <text>      the same seed makes the same inputs (default: a random one)
  --only <case>      one input of a seed, such as "linear plain update:17", or all
                     of one target: "template"
  --format <format>  text or json
  --help             this text

Examples:
  npm run fuzz -w @veritrain/training -- --count 2000
  npm run fuzz -w @veritrain/training -- --seed 7 --only "logistic plain state:40"
`;

/** What the command line asks for. */
export interface Arguments {
  readonly count: number;
  readonly seed: string;
  /** Name of a target, and the index of an input where one is given. */
  readonly only: { readonly target: string; readonly index: number | undefined } | undefined;
  readonly format: 'text' | 'json';
  readonly help: boolean;
}

/** @throws TrainingError VT7501 */
export function readArguments(args: readonly string[], targets: readonly string[]): Arguments {
  const { count, seed, only, format, help: isHelp } = parse(args);
  if (!/^[1-9]\d{0,8}$/.test(count)) refuse('--count takes a whole number from 1');
  if (!/^[\w -]{1,64}$/.test(seed)) refuse('--seed takes 1 to 64 letters and digits');
  if (format !== 'text' && format !== 'json') refuse('--format takes text or json');
  return { count: Number(count), seed, only: onlyOf(only, targets), format, help: isHelp };
}

function onlyOf(only: string | undefined, targets: readonly string[]): Arguments['only'] {
  if (only === undefined) return undefined;
  const [target = '', index] = only.split(':');
  if (!targets.includes(target)) refuse(`there is no target "${target}": ${targets.join(', ')}`);
  if (index !== undefined && !/^\d{1,9}$/.test(index)) refuse('--only takes a case, such as "template:17"');
  return { target, index: index === undefined ? undefined : Number(index) };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        count: { type: 'string', default: '100000' },
        seed: { type: 'string', default: randomBytes(4).toString('hex') },
        only: { type: 'string' },
        format: { type: 'string', default: 'text' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(what: string): never {
  throw new TrainingError('VT7501', what);
}
