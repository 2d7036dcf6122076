// `npm run fuzz -w @veritrain/training -- --help`: mutated messages, documents and states against every reader.
import * as training from '@veritrain/training';
import { help, readArguments, type Arguments } from './arguments.js';
import { reachableBytes } from './memory.js';
import { fuzz, sharesOf, type Report } from './run.js';
import { allTargets } from './targets.js';
import { Watchdog } from './watchdog.js';

/** Bytes that the second half of the inputs may leave behind: caches fill up, code is compiled. */
const MAX_GROWTH = 8e6;

/** A report, and the memory that the second half of the inputs left behind. */
interface Measured extends Report {
  readonly growthBytes: number;
}

const targets = await allTargets(training);
try {
  const asked = readArguments(
    process.argv.slice(2),
    targets.map(({ name }) => name),
  );
  if (asked.help) process.stdout.write(help);
  else await run(asked);
} catch (error) {
  if (!(error instanceof training.TrainingError)) throw error;
  process.stderr.write(`${error.message}\n\n${help}`);
  process.exitCode = 2;
}

async function run({ count, seed, only, format }: Arguments): Promise<void> {
  process.stderr.write(`Seed ${seed}\n`);
  const started = performance.now();
  const watchdog = new Watchdog();
  const reports: Measured[] = [];
  for (const [target, share] of sharesOf(targets, count)) {
    if (only !== undefined && only.target !== target.name) continue;
    process.stderr.write(`${target.name} …\n`);
    const inputs = only?.index === undefined ? { first: 0, count: share } : { first: only.index, count: 1 };
    const half = Math.ceil(inputs.count / 2);
    const first = await fuzz(training, target, { seed, ...inputs, count: half }, watchdog.beat);
    const before = await reachableBytes();
    const rest = { seed, first: inputs.first + half, count: inputs.count - half };
    const second = await fuzz(training, target, rest, watchdog.beat);
    for (const { case: name, fault } of [...first.failures, ...second.failures])
      process.stderr.write(`${name}: ${fault}\n`);
    reports.push({ ...joined(first, second), growthBytes: (await reachableBytes()) - before });
  }
  await watchdog.stop();
  const seconds = Math.round((performance.now() - started) / 1000);
  const isSound = reports.every(
    ({ failures, growthBytes }) => failures.length === 0 && growthBytes < MAX_GROWTH,
  );
  if (format === 'json') process.stdout.write(`${JSON.stringify({ seed, seconds, isSound, reports })}\n`);
  else process.stdout.write(textOf(seed, seconds, reports));
  process.exitCode = isSound ? 0 : 1;
}

function joined(first: Report, second: Report): Report {
  const refused = { ...first.refused };
  for (const [code, times] of Object.entries(second.refused)) refused[code] = (refused[code] ?? 0) + times;
  return {
    target: first.target,
    inputs: first.inputs + second.inputs,
    accepted: first.accepted + second.accepted,
    refused,
    failures: [...first.failures, ...second.failures],
    slowestMs: Math.max(first.slowestMs, second.slowestMs),
  };
}

function textOf(seed: string, seconds: number, reports: readonly Measured[]): string {
  const sum = (of: (report: Measured) => number): number =>
    reports.reduce((total, each) => total + of(each), 0);
  const failures = reports.flatMap((report) => report.failures);
  const lines = [
    `Seed ${seed}: ${sum(({ inputs }) => inputs)} inputs in ${seconds} s, ${sum(({ accepted }) => accepted)} accepted, ${failures.length} failed.`,
    '',
    ...reports.flatMap(({ target, inputs, accepted, refused, slowestMs, growthBytes }) => [
      `${target}: ${inputs} inputs, ${accepted} accepted; the slowest took ${slowestMs.toFixed(0)} ms; memory ${(growthBytes / 1e6).toFixed(1)} MB`,
      `  ${Object.entries(refused)
        .sort(([, one], [, other]) => other - one)
        .map(([code, times]) => `${code} ${times}`)
        .join(', ')}`,
    ]),
    '',
    ...failures.slice(0, 20).map(({ case: name, fault }) => `${name}: ${fault}`),
    ...(failures.length === 0
      ? []
      : [`Repeat one: npm run fuzz -w @veritrain/training -- --seed ${seed} --only "<case>"`]),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}
