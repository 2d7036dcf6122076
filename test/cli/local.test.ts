import { commandErrors, envelopeSchema, exitStatus } from '@veritrain/cli';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { callVeritrain, type Called } from './support/veritrain.js';

const folder = mkdtempSync(join(tmpdir(), 'veritrain-local-'));
const home = join(folder, 'home');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Calls the command with no ledger anywhere. */
const veritrain = (args: string[], env: Record<string, string> = {}, node: string[] = []): Promise<Called> =>
  callVeritrain(args, { folder, home, env, node });

/** Tells on stderr every file that the process loaded. */
const telltale = join(folder, 'telltale.mjs');
writeFileSync(
  telltale,
  `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { process.stderr.write(url + '\\n'); return next(url, context); } });`,
);

describe('attack 39: a file argument that never ends', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const profile = ['--profile', join(folder, 'none')];
  const commands: [args: string[], code: string][] = [
    [['dataset', 'split', pipe, '--target', 'y', '--subsets', '3', ...profile], 'VT9260'],
    [['init', 'm', '--connect', pipe], 'VT9260'],
    [['init', 'm', '--fabric', pipe, '--channel', 'c', '--chaincode', 'c'], 'VT9260'],
    [['demo', '--data', pipe, '--target', 'y'], 'VT9260'],
  ];
  it.each(commands)('ends %j', async (args, code) => {
    const { status, stderr } = await veritrain(args);
    expect(stderr).toContain(code);
    expect(status).toBe(exitStatus.arguments);
  });

  it('ends a profile that is a pipe', async () => {
    mkdirSync(join(folder, 'piped'));
    execFileSync('mkfifo', [join(folder, 'piped', 'profile.json')]);
    const { stderr } = await veritrain(['participant', 'show', '--profile', join(folder, 'piped')]);
    expect(stderr).toContain('VT8223');
  });
});

describe('without a ledger', () => {
  it('shows its version and its help', async () => {
    const [version, help, none, noVerb] = await Promise.all([
      veritrain(['--version']),
      veritrain(['--help']),
      veritrain([]),
      veritrain(['dataset']),
    ]);
    expect(version).toMatchObject({
      status: exitStatus.done,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    });
    expect(help.status).toBe(exitStatus.done);
    expect(help.stdout).toContain('Exit status: 0 done, 1 refused');
    expect(help.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(none).toMatchObject({ status: exitStatus.arguments, stdout: '' });
    expect(noVerb).toMatchObject({ status: exitStatus.arguments, stdout: '' });
    expect(noVerb.stderr).toContain('VT9002 UNKNOWN_COMMAND: Say which verb. dataset: ');
  });

  const wrong: [args: string[], code: string, said: RegExp][] = [
    [['datset'], 'VT9002', /Unknown command 'datset'\. Did you mean dataset\?/],
    [['dataset', 'splt'], 'VT9002', /Unknown command 'splt'\. Did you mean split\?/],
    [['dataset', 'split'], 'VT9001', /Missing required argument 'csv'/],
    [
      ['dataset', 'split', 'x.csv', '--subset', '3'],
      'VT9001',
      /Unknown option '--subset'\. Did you mean --subsets\?/,
    ],
    [
      ['dataset', 'split', 'x.csv', '--target', 'y', '--subsets', 'three'],
      'VT9001',
      /--subsets: must be a whole number/,
    ],
    [['dataset', 'split', 'x.csv', '--subsets', '3'], 'VT9001', /--target: is missing/],
    [
      ['dataset', 'split', 'nothing.csv', '--target', 'y', '--subsets', '3'],
      'VT9003',
      /table nothing\.csv cannot be read/,
    ],
    [
      ['participant', 'register', '--role', 'dataowner'],
      'VT9001',
      /must be one of .*Did you mean dataOwner\?/,
    ],
    [['couple', 'watch', 'spring'], 'VT9001', /must look like tc_spring/],
    [['dataset', 'list', 'much', 'more'], 'VT9001', /Too many arguments/],
    [['vault', 'gc', '--older-than', '59m'], 'VT9001', /--older-than: must be 1h or more, since a step/],
    [['explain', 'VT12'], 'VT9007', /There is no error code VT12/],
    [['init', 'Hospital', '--connect', 'x', '--organization', 'o'], 'VT9001', /lower-case/],
    [
      ['init', 'hospital', '--connect', 'nothing.json', '--organization', 'o'],
      'VT9003',
      /connection file nothing\.json/,
    ],
  ];

  it.each(wrong)('refuses `%j` with the status of wrong arguments', async (args, code, said) => {
    const [text, json] = await Promise.all([veritrain(args), veritrain([...args, '--format', 'json'])]);
    expect(text).toMatchObject({ status: exitStatus.arguments, stdout: '' });
    expect(text.stderr).toMatch(new RegExp(`^${code} [A-Z_]+: [^]*\nWhat to do: `));
    expect(json.status).toBe(exitStatus.arguments);
    expect(envelopeSchema.parse(JSON.parse(json.stdout))).toMatchObject({
      outcome: 'failed',
      exitStatus: exitStatus.arguments,
      error: { code, message: expect.stringMatching(said) as string },
    });
  });

  it('tells an older Node what it takes, in place of failing to load', async () => {
    const old = `Object.defineProperty(process.versions, 'node', { value: '20.19.0' })`;
    const { status, stdout, stderr } = await veritrain(['--version'], {}, [
      '--import',
      `data:text/javascript,${encodeURIComponent(old)}`,
    ]);
    expect({ status, stdout }).toEqual({ status: exitStatus.connection, stdout: '' });
    expect(stderr).toMatch(
      /^VT9008 NODE_TOO_OLD: This is Node 20\.19\.0, and the command needs 22\.12 or newer\.\n/,
    );
    expect(stderr.replace(/\s+/g, ' ')).toContain(`What to do: ${commandErrors.VT9008.help}`);
  });

  it('refuses an unknown format, and says so in text', async () => {
    const { status, stdout, stderr } = await veritrain(['explain', '--format', 'jsn']);
    expect({ status, stdout }).toEqual({ status: exitStatus.arguments, stdout: '' });
    expect(stderr).toContain('--format: must be one of text, json, jsonl. Did you mean json?'.slice(0, 40));
  });

  it('has no profile to begin with, and names the one that was meant', async () => {
    const none = await veritrain(['whoami', '--format', 'json']);
    expect(none.status).toBe(exitStatus.connection);
    expect(JSON.parse(none.stdout)).toMatchObject({
      error: { code: 'VT9101', message: 'There is no profile yet.' },
    });
    for (const name of ['hospital', 'lab']) {
      mkdirSync(join(home, 'profiles', name), { recursive: true });
      writeFileSync(join(home, 'profiles', name, 'profile.json'), '{}');
    }
    const [misspelt, ambiguous, broken] = await Promise.all([
      veritrain(['whoami', '--profile', 'hospitl']),
      veritrain(['whoami']),
      veritrain(['whoami'], { VERITRAIN_PROFILE: 'lab' }),
    ]);
    expect(misspelt.stderr).toContain('There is no profile hospitl. Did you mean hospital?');
    expect(ambiguous.stderr).toContain('VT9102 PROFILE_AMBIGUOUS: There are 2 profiles: hospital, lab.');
    expect(broken.stderr).toContain('VT8001 PROFILE_INVALID');
    expect([misspelt, ambiguous, broken].map(({ status }) => status)).toEqual([2, 2, 2]);
  });

  it('explains every code without loading a ledger, a CA or the encryption', async () => {
    const { stdout, stderr } = await veritrain(['explain', 'vt0203'], {}, ['--import', telltale]);
    expect(stdout).toMatch(/^Code +VT0203\nName +NOT_APPROVED\n/);
    expect(stderr).toContain('node_modules/commander/');
    expect(stderr).not.toMatch(/node_modules\/(@grpc|@hyperledger|@peculiar|node-seal|pino)/);
    const { stdout: list } = await veritrain(['explain', '--format', 'jsonl']);
    expect(list.split('\n').length).toBeGreaterThan(100);
  });
});
