import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { TrainingError } from '@veritrain/training';
import type { Benchmark } from '../rows/benchmark.js';

/** What the command line asks for. */
export interface Arguments {
  readonly format: 'text' | 'json';
  readonly only: Benchmark | undefined;
  readonly runs: number;
  readonly python: string;
  readonly peers: boolean;
  /** Of data that the project does not bring. */
  readonly paths: { readonly framingham: string; readonly mnist: string; readonly digits: string };
  readonly write: boolean;
  readonly help: boolean;
}

const options = {
  format: { type: 'string', default: 'text' },
  only: { type: 'string' },
  runs: { type: 'string', default: '3' },
  python: { type: 'string', default: 'python3' },
  'no-peers': { type: 'boolean', default: false },
  framingham: { type: 'string' },
  mnist: { type: 'string' },
  digits: { type: 'string' },
  write: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** The text of `--help`. */
export function helpOf(benchmarks: readonly Benchmark[]): string {
  const width = Math.max(...benchmarks.map(({ name }) => name.length));
  return `npm run bench -- training [options]

Encrypted training beside the same training in clear, in one run, one thread.
Every row is sanitised and end to end: encode, encrypt, serialise, compute,
sanitise, decrypt, optimise. Then other libraries, where Python has them.

${benchmarks.map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`).join('\n')}

  --only <name>        one row alone, without other libraries
  --runs <n>           repeat each row; times are medians (default 3)
  --format <format>    text or json
  --python <path>      the interpreter of the other libraries (default python3)
  --no-peers           leave the other libraries out
  --framingham <path>  framingham.csv; rows that need it are left out without
  --mnist <folder>     MNIST's four files, .gz; likewise
  --digits <path>      scikit-learn's digits.csv.gz (in sklearn/datasets/data)
  --write              also draw curves, and write docs/benchmarks-training.md
  --help               this text

JSON: { machine, rows, peers }.
  rows   seconds and plainSeconds are wall clock; encrypted and plain are the
         metric's values of the two models; bytesUp are the bytes of a host's
         reply, bytesDown those of a query, each a round and subset;
         precisionBits are the bits behind the binary point of a reply that are
         free of noise, null where no part of a reply can show it
  peers  ratio is their seconds by ours for the same work, encrypted; TenSEAL
         encrypts the rows as well, which of ours encrypted-data alone does

Examples:
  npm run bench -- training
  npm run bench -- training --only linear --runs 5 --format json
  npm run bench -- training --python /tmp/peers-venv/bin/python
  npm run bench -- training --framingham ~/framingham.csv --write
`;
}

/** @throws TrainingError VT7501 for an unknown option, name or value */
export function readArguments(args: readonly string[], benchmarks: readonly Benchmark[]): Arguments {
  const values = parse(args);
  const { format, only } = values;
  if (format !== 'text' && format !== 'json') refuse('--format takes text or json', { format });
  const benchmark = benchmarks.find(({ name }) => name === only);
  if (only !== undefined && benchmark === undefined)
    refuse(`no row is called "${only}": ${benchmarks.map(({ name }) => name).join(', ')}`, { only });
  if (!/^[1-9]\d{0,2}$/.test(values.runs))
    refuse('--runs takes a whole number from 1 to 999', { runs: values.runs });
  if (benchmark !== undefined && values.write) refuse('--write needs all rows, --only gives one', {});
  return {
    format,
    only: benchmark,
    runs: Number(values.runs),
    python: values.python,
    peers: !values['no-peers'] && benchmark === undefined,
    paths: {
      framingham: pathOf(values.framingham, '../shared/data/framingham.csv'),
      mnist: pathOf(values.mnist, '../shared/data/mnist'),
      digits: pathOf(values.digits, '../shared/data/digits.csv.gz'),
    },
    write: values.write,
    help: values.help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error), {});
  }
}

/** npm runs a script in its package's folder; paths are meant from the folder where npm was called. */
function pathOf(given: string | undefined, usual: string): string {
  const path = given ?? usual;
  const found = resolve(process.env.INIT_CWD ?? process.cwd(), path);
  if (given !== undefined && !existsSync(found)) refuse(`there is no file ${path}`, { path });
  return found;
}

function refuse(what: string, facts: Record<string, string>): never {
  throw new TrainingError('VT7501', what, facts);
}
