// `npm run fuzz`: mutated transactions and messages against the contract on an embedded ledger.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureReady, root, run } from './setup.mjs';

const help = `npm run fuzz -- [--count <n>] [--seed <text>] [--only <case>] [--format text|json]

Sends <n> mutated transactions and <n> mutated gRPC requests (default 1000 of each) to an embedded ledger. Each must be
answered with a code; no process may end, hang or grow. Progress goes to stderr. 40000 of each take some minutes.

  --count <n>       how many of each
  --seed <text>     the same seed makes the same cases (default: a random one)
  --only <case>     one case of a seed alone, such as transactions:17 or messages:3
  --format <format> text or json
  --help            this text

A case that fails is written to fuzz-failures/, with the command that repeats it.
`;

const { count, seed, only, format } = readArguments();
await ensureReady();
const folder = mkdtempSync(join(tmpdir(), 'veritrain-fuzz-result-'));
const file = join(folder, 'result.json');
const { status } = await run('vitest', ['run', '--project', 'all', 'test/scenarios/fuzz'], {
  env: {
    VERITRAIN_FUZZ_COUNT: count,
    VERITRAIN_FUZZ_SEED: seed,
    VERITRAIN_FUZZ_FAILURES: join(root, 'fuzz-failures'),
    VERITRAIN_FUZZ_RESULT: file,
    ...(only === undefined ? {} : { VERITRAIN_FUZZ_ONLY: only }),
  },
});
print();
rmSync(folder, { recursive: true, force: true });
process.exit(status);

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        count: { type: 'string', default: '1000' },
        seed: { type: 'string', default: randomBytes(4).toString('hex') },
        only: { type: 'string' },
        format: { type: 'string', default: 'text' },
        help: { type: 'boolean' },
      },
    });
    if (values.help) {
      process.stdout.write(help);
      process.exit(0);
    }
    if (!/^[1-9]\d{0,8}$/.test(values.count)) throw new Error('--count takes a whole number from 1.');
    if (!/^[\w-]{1,64}$/.test(values.seed)) throw new Error('--seed takes 1 to 64 letters and digits.');
    if (values.only !== undefined && !/^(transactions|messages):\d+$/.test(values.only))
      throw new Error('--only takes a case, such as transactions:17.');
    if (!['text', 'json'].includes(values.format)) throw new Error('--format takes text or json.');
    return values;
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${help}`);
    process.exit(2);
  }
}

function print() {
  let result;
  try {
    result = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    process.stderr.write('The run broke before it had a result.\n');
    return;
  }
  if (format === 'json') process.stdout.write(`${JSON.stringify(result)}\n`);
  else process.stdout.write(textOf(result));
}

function textOf({ seed, count, seconds, outcomes, failures, memory }) {
  const lines = [`Seed ${seed}: ${count} transactions and as many messages in ${seconds} s.`];
  for (const [kind, byName] of Object.entries(outcomes)) {
    lines.push('', `${kind}:`);
    const sorted = Object.entries(byName).sort(([, left], [, right]) => right - left);
    for (const [name, times] of sorted) lines.push(`  ${String(times).padStart(7)}  ${name}`);
  }
  lines.push('', 'Memory, most of the first half and of the second:');
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
  for (const { kind, processId, firstBytes, secondBytes } of memory)
    lines.push(`  ${kind}, process ${processId}: ${megabytes(firstBytes)}, ${megabytes(secondBytes)}`);
  lines.push('', `${failures.length} failed`);
  for (const each of failures.slice(0, 20)) lines.push(`  ${each.case}: ${each.fault}`);
  return `${lines.join('\n')}\n`;
}
