import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { everyPage, type Market } from '@veritrain/client-sdk';
import { register } from '@veritrain/client-sdk/enrolment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestMarket, quickSettings } from './testMarket.js';
import { offerDataset } from './trainingFlow.js';

const here = dirname(fileURLToPath(import.meta.url));
const sdk = dirname(fileURLToPath(import.meta.resolve('@veritrain/client-sdk/package.json')));
const readme = readFileSync(join(sdk, 'README.md'), 'utf8');
const programs = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);

describe('every program of the SDK’s README, one after the other', () => {
  let test: TestMarket;
  let owner: Market;
  let environment: NodeJS.ProcessEnv;
  // Beside this file, where the packages' names resolve.
  const folder = mkdtempSync(join(here, '.readme-'));

  beforeAll(async () => {
    test = await TestMarket.start();
    await test.configure(quickSettings);
    owner = await test.join('owner', ['dataOwner']);
    await offerDataset(owner, await test.join('host', ['cloudOwner']), 'ds_first');
    const { ca } = test;
    const { secret } = await register({ ca, registrar: await test.registrar(), enrolmentId: 'hospital-a' });
    environment = {
      ...process.env,
      VERITRAIN_HOME: test.folder,
      CA_URL: ca.url,
      ENROLMENT_SECRET: secret,
      GATEWAY: test.ledger.gateway,
    };
  });
  afterAll(async () => {
    await test?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function output(program: number): Promise<string> {
    const file = join(folder, `program${program}.ts`);
    writeFileSync(file, programs[program] ?? '');
    const options = { env: environment, timeout: 60_000 };
    const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', file], options);
    return stdout;
  }

  /** The data owner's answer, without which the program would wait. */
  async function rejectRequests(): Promise<void> {
    for (let rejected = 0; rejected === 0;)
      for await (const { coupleId } of everyPage(owner.couples.list, { state: 'requested' as const })) {
        await owner.couples.reject({ coupleId, reason: 'capacity' });
        rejected += 1;
      }
  }

  it('compiles', async () => {
    programs.forEach((program, index) => writeFileSync(join(folder, `program${index}.ts`), program));
    const compilerOptions = {
      module: 'NodeNext',
      target: 'ES2023',
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      types: ['node'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    const tsc = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
    const compiled = await promisify(execFile)(process.execPath, [tsc, '-p', folder]).catch(
      (error: unknown) => error,
    );
    expect(compiled).toMatchObject({ stdout: '' });
  });

  it('enrols and registers', async () => {
    expect(await output(0)).toMatch(/^registered in block \d+ by [0-9a-f]{64}\n$/);
  });

  it('lists, requests and watches', async () => {
    const [printed] = await Promise.all([output(1), rejectRequests()]);
    expect(printed).toContain('ds_first: 2 subsets × 1 replicas');
    expect(printed).toMatch(
      /training of md_readme on ds_first was requested\.\n.*was rejected: capacity\.\n$/,
    );
  });

  it('asks about one dataset and its couples', async () => {
    expect(await output(2)).toMatch(
      /^ds_first is ready; 1 equal .*\n(tc_[a-z2-7]{30}): RequestTraining\n\1: RejectTraining\n$/,
    );
  });

  it('explains a refusal', async () => {
    expect(await output(3)).toMatch(/^NOT_OWNER\n.*owner.*\n[0-9a-f]{64}\n$/);
  });

  it('reads events', async () => {
    expect(await output(4)).toMatch(/^block \d+: ds_first of pt_[a-z2-7]{26}\n$/);
  });

  it('seals and opens', async () => {
    expect(await output(5)).toBe('true\n');
    expect(programs).toHaveLength(6);
  });
});
