// The checks, each a command that must exit with 0. An audit that the registry cannot answer is skipped, and says so.
import { packages, run } from './setup.mjs';

const command = (name, program, args, env) => ({
  name,
  async run() {
    const { status, output } = await run(program, args, { capture: true, env });
    return { outcome: status === 0 ? 'passed' : 'failed', output };
  },
});

const audit = {
  name: 'audit of what users install',
  async run() {
    const { status, output } = await run('npm', ['audit', '--omit=dev', '--audit-level=critical', '--json'], {
      capture: true,
    });
    const report = parse(output);
    if (report?.metadata === undefined)
      return { outcome: 'skipped', reason: 'the registry does not answer audits' };
    return { outcome: status === 0 ? 'passed' : 'failed', output };
  },
};

function parse(text) {
  try {
    return JSON.parse(text.slice(text.indexOf('{')));
  } catch {
    return undefined;
  }
}

export const checks = () => [
  command('format (prettier)', 'prettier', ['--check', '--log-level=warn', '.']),
  command('lint (eslint)', 'eslint', ['.', '--max-warnings=0'], {
    NODE_OPTIONS: '--max-old-space-size=6144',
  }),
  ...[...packages(), 'caliper-benchmarks', 'test'].map((name) =>
    command(`types of ${name} (tsc)`, 'tsc', ['-p', name]),
  ),
  command('unused code (knip)', 'knip', ['--no-progress']),
  command('licences of what users install', 'node', ['scripts/licences.mjs']),
  command('transaction reference is fresh', 'npm', [
    'run',
    '-s',
    'docs',
    '-w',
    '@veritrain/chaincode',
    '--',
    '--check',
  ]),
  command('API reference is whole (typedoc)', 'node', ['scripts/apiReference.mjs']),
  audit,
];

async function runOne(check) {
  const started = Date.now();
  const result = { name: check.name, ...(await check.run()) };
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  process.stdout.write(
    `${result.outcome === 'passed' ? 'ok  ' : result.outcome} ${check.name} (${seconds} s)\n`,
  );
  if (result.outcome === 'failed') process.stdout.write(`${result.output}\n`);
  return result;
}

/** Two at a time. */
export async function runChecks(list) {
  const waiting = [...list];
  const results = [];
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) results.push(await runOne(check));
  };
  await Promise.all([worker(), worker()]);
  return results;
}
