import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { testFolder } from '../support/folder.js';
import { loadedBy, loadedByNode, packagesOf } from '../support/loaded.js';

const main = fileURLToPath(import.meta.resolve('@veritrain/cli'));
const program = main.replace(/dist\/index\.js$/, 'bin/veritrain.js');
const loadedByCommand = (...args: string[]): Set<string> => packagesOf(loadedByNode(program, ...args));

/** Node's own client of the web, which an import of node:http loads. */
const isFetch = (name: string): boolean => name.includes('undici');

describe('what the command loads', () => {
  let own: Set<string>;
  beforeAll(() => {
    own = loadedByCommand('--help');
  });

  it('help and arguments need a parser and schemas', () => {
    for (const name of ['commander', 'zod']) expect(own).toContain(name);
    for (const name of ['@grpc/grpc-js', 'hyparquet', 'jose', 'minio', 'papaparse', 'yaml'])
      expect(own).not.toContain(name);
  });

  // A verb loads its work when it runs.
  it.each([
    ...['demo', 'init', 'doctor', 'whoami', 'market', 'trust', 'participant', 'dataset', 'instance'],
    ...['model', 'couple', 'job', 'vault', 'agent', 'network', 'explain'],
  ])('the help of %s loads no package beside those of the command’s own help', (noun) => {
    expect([...loadedByCommand(noun, '--help')].filter((name) => !own.has(name))).toEqual([]);
  });
});

it('a reader of Parquet is loaded where a file is Parquet', () => {
  const packages = packagesOf([
    ...loadedBy('@veritrain/training'),
    ...loadedBy('@veritrain/member/datasets'),
  ]);
  expect(packages).toContain('papaparse');
  for (const name of ['hyparquet', 'hyparquet-compressors']) expect(packages).not.toContain(name);
});

describe('what a command that asks the ledger loads', () => {
  it('neither training, nor an S3 client, nor a parser of YAML', () => {
    const loaded = [...loadedBy('@veritrain/member/profile'), ...loadedBy('@veritrain/member/calls')];
    const packages = packagesOf(loaded);
    expect(packages).toContain('@hyperledger/fabric-gateway');
    for (const name of ['minio', 'papaparse', 'yaml']) expect(packages).not.toContain(name);
    expect(loaded.filter((url) => url.includes('/training/'))).toEqual([]);
    expect(loaded.filter(isFetch)).toEqual([]);
  });
});

describe('what an agent loads', () => {
  it('no S3 client, no parser of YAML, no lines for people and no metrics, unless it is told to use them', () => {
    const loaded = loadedBy('@veritrain/agents');
    const packages = packagesOf(loaded);
    for (const name of ['pino', 'zod']) expect(packages).toContain(name);
    for (const name of ['minio', 'yaml', 'pino-pretty', 'prom-client']) expect(packages).not.toContain(name);
    expect(loaded.filter(isFetch)).toEqual([]);
  });
});

describe('compiled code', () => {
  const folder = testFolder('compiled');
  const help = (home: string, more: Record<string, string> = {}): string =>
    execFileSync(process.execPath, [program, '--help'], {
      env: { PATH: process.env.PATH, HOME: home, ...more },
      encoding: 'utf8',
    });
  const cacheOf = (home: string): string => join(home, '.cache', 'veritrain', 'compiled');

  it('is kept in the user’s cache', () => {
    const home = folder();
    help(home);
    const [versions = ''] = readdirSync(cacheOf(home));
    expect(readdirSync(join(cacheOf(home), versions)).length).toBeGreaterThan(100);
  });

  it('is not kept where Node’s variable says so', () => {
    const home = folder();
    help(home, { NODE_DISABLE_COMPILE_CACHE: '1' });
    expect(existsSync(cacheOf(home))).toBe(false);
  });

  it('is done without where there is no folder for it', () => {
    const home = join(folder(), 'file');
    writeFileSync(home, '');
    expect(help(home)).toContain('veritrain demo');
  });
});
