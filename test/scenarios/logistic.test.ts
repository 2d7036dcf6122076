import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roundResultFile, streamFile } from '@veritrain/member/home';
import {
  fetchProgram,
  predictRows,
  readCodebook,
  templateOf,
  trainedModelFile,
} from '@veritrain/member/models';
import {
  type DataPackage,
  evaluateModel,
  type MadeUpRows,
  parseTable,
  plainCsvText,
  readPackage,
  trainInClear,
  type TrainedResult,
} from '@veritrain/training';
import { callVeritrain, type Called } from '../cli/support/veritrain.js';
import { ended, offer, ready } from '../support/couples.js';
import { diabetes, riskTable, StoryMarket, type StoryMember } from '../support/storyMarket.js';

const withinMs = 240_000;
const rounds = 5;
const subsets = 3;

let market: StoryMarket;
let owner: StoryMember;
let lab: StoryMember;
let hosts: StoryMember[];

beforeAll(async () => {
  market = await StoryMarket.start();
  owner = await market.join('hospital', ['dataOwner']);
  lab = await market.join('lab', ['modelOwner']);
  hosts = [];
  for (const name of ['host1', 'host2', 'host3']) hosts.push(await market.join(name, ['cloudOwner']));
  for (const member of [owner, lab, ...hosts]) market.run(member);
  await market.agentsStarted();
  const table = riskTable();
  // The table has pairs of values that few rows share: this owner lets them be learnt.
  const recipe = { missing: 'fill' as const };
  const shape = { subsets, replicas: 2, hosts, table, recipe, testShare: 0.2, leastCell: 1 };
  await offer(market, owner, { datasetId: 'ds_risk', ...shape, paceMs: 30_000 });
  await ready(lab, 'ds_risk');
  writeFileSync(join(market.folder, 'risk.csv'), table);
  writeFileSync(join(market.folder, 'diabetes.csv'), diabetes());
}, withinMs);
afterAll(() => market?.stop());

/** The command, as the lab types it unless somebody else is named. */
const veritrain = (command: string, as = lab): Promise<Called> =>
  callVeritrain([...command.split(' '), '--profile', as.profile], {
    folder: market.folder,
    home: join(market.folder, 'home'),
  });

async function answer<T>(command: string, as = lab): Promise<T> {
  const { stdout, stderr } = await veritrain(`${command} --format json`, as);
  const envelope = JSON.parse(stdout) as { outcome: string; data: T };
  expect(envelope.outcome, `${stdout}${stderr}`).toBe('done');
  return envelope.data;
}

/** The model of a training in clear, on the same packages and draws. */
async function twinOf(coupleId: string): Promise<TrainedResult> {
  const { member } = lab;
  const { modelId } = await member.market.couples.get({ coupleId });
  const registered = await member.market.models.get({ modelId });
  const program = await fetchProgram(member, registered, {});
  const home = owner.member.home.dataset('ds_risk');
  const packages: DataPackage[] = [];
  for (let subset = 0; subset < subsets; subset += 1)
    packages.push(await readPackage(streamFile(home.packagePath(subset)), { family: program.family }));
  const draws = Array.from({ length: rounds }, (_, round) => {
    const noted = roundResultFile(member.home.couple(coupleId), round + 1).read();
    return [...(noted?.usedSubsets ?? [])];
  });
  const template = await templateOf(member, 'ds_risk', {});
  return (await trainInClear({ program, template, packages, draws })).model;
}

const figure = (model: TrainedResult, name: string): number => {
  const metrics = evaluateModel(parseTable(riskTable(), { target: 'target', missing: 'fill' }), model);
  return metrics.find((metric) => metric.name === name)?.value ?? NaN;
};

it(
  'registers a logistic model, trains it encrypted, and predicts as its clear twin does',
  async () => {
    await answer('model register --family logistic --id md_risk');
    const shown = await veritrain('model show md_risk');
    expect(shown.stdout).toMatch(/Family +logistic\n/);
    expect(shown.stdout).toMatch(/classes 0 and 1, lambda 0\.001, degree 2/);
    expect((await veritrain('model list')).stdout).toMatch(/^md_risk .* logistic /m);

    const request = `couple request --dataset ds_risk --model md_risk --rounds ${rounds} --id tc_risk`;
    const planned = await veritrain(`${request} --dry-run`);
    expect(planned.stdout).toMatch(/Task +tell two classes apart/);
    expect(planned.stdout.replace(/\s+/g, ' ')).toMatch(/updates of 132 kB, a subset's first of \d+ kB/);
    expect(planned.stdout).toMatch(/Computing +about .* a round and at most /);
    await answer(`${request} --yes`);
    const couple = await ended(owner, 'tc_risk', withinMs);
    expect(couple.state).toBe('finished');

    const model = trainedModelFile(lab.member.home, 'tc_risk').read()!;
    const twin = await twinOf('tc_risk');
    expect(figure(model, 'auc')).toBeGreaterThan(0.8);
    expect(Math.abs(figure(model, 'auc') - figure(twin, 'auc'))).toBeLessThan(1e-3);
    expect(Math.abs(figure(model, 'logLoss') - figure(twin, 'logLoss'))).toBeLessThan(1e-3);

    const predicted = await answer<{ predictions: number[]; predictedClasses: string[]; metrics: unknown[] }>(
      'model predict tc_risk --data risk.csv --out said.csv',
    );
    expect(predicted.predictions.every((probability) => probability > 0 && probability < 1)).toBe(true);
    expect(new Set(predicted.predictedClasses)).toEqual(new Set(['low', 'high']));
    expect(predicted.metrics).toContainEqual({ name: 'auc', value: figure(model, 'auc') });
    const [header, first] = (await readFile(join(market.folder, 'said.csv'), 'utf8')).split('\n');
    expect(header).toBe('row,P(target = high),target');
    expect(first).toMatch(/^2,0\.\d+,(low|high)$/);
  },
  withinMs,
);

it('shows how columns become features, with made-up rows that the model predicts', async () => {
  const { stdout } = await veritrain('dataset template ds_risk');
  expect(stdout).toMatch(/^Classes +low is 0, high is 1$/m);
  expect(stdout).toMatch(/^age +no value is read as \d+$/m);
  expect(stdout).toMatch(/^sex = female +feature/m);
  const template = await answer<{ rows: number; madeUpRows: MadeUpRows }>(
    'dataset template ds_risk --rows 50',
  );
  expect(template.rows).toBe(354);
  const { header, rows } = template.madeUpRows;
  writeFileSync(join(market.folder, 'made-up.csv'), plainCsvText(header, rows));
  const said = await answer<{ predictions: number[] }>('model predict tc_risk --data made-up.csv');
  expect(said.predictions).toHaveLength(50);
});

it('lets the data owner test the model on the rows that no host got', async () => {
  const model = trainedModelFile(lab.member.home, 'tc_risk').read()!;
  const heldOut = await readFile(owner.member.home.dataset('ds_risk').heldOutPath);
  const { targets, metrics } = predictRows(model, heldOut, 'held-out.csv');
  expect(targets).toHaveLength(88);
  expect(metrics?.find(({ name }) => name === 'auc')?.value).toBeGreaterThan(0.7);
});

it('refuses targets of other values, before a training and after it', async () => {
  await answer('model register --family logistic --classes 1,2 --id md_other');
  const wrong = [
    'couple request --dataset ds_risk --model md_other --dry-run',
    'model predict tc_risk --data diabetes.csv',
  ];
  for (const command of wrong) {
    const { status, stderr } = await veritrain(command);
    expect(stderr).toMatch(/^VT7014 NOT_TWO_CLASSES/);
    expect(status).toBe(4);
  }
}, 60_000);

/** The market's files in which a text stands: ledger, vault, homes, packages in clear, logs. */
const filesWith = (text: string): string[] =>
  readdirSync(market.folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(market.folder, name))
    .filter((path) => statSync(path).isFile() && readFileSync(path).includes(text))
    .map((path) => relative(market.folder, path));

describe('a dataset whose levels are codes', () => {
  const cells = { female: '"Frauenstation, Süd"', male: '"""Männerstation"""' };
  /** Of each name a part that every encoding of a document keeps. */
  const parts = ['Frauenstation', 'nnerstation'];

  interface Figures {
    readonly metrics: readonly { readonly name: string; readonly value: number }[];
    readonly otherLevels: readonly unknown[];
  }
  const rounded = ({ metrics }: Figures): string[] =>
    metrics.map(({ name, value }) => `${name} ${value.toFixed(9)}`);

  beforeAll(async () => {
    const table = riskTable().replace(/female|male/g, (sex) => cells[sex as keyof typeof cells]);
    writeFileSync(join(market.folder, 'coded.csv'), table);
    const shape = { subsets, replicas: 2, hosts, table, recipe: { missing: 'fill' as const }, codes: true };
    await offer(market, owner, {
      datasetId: 'ds_coded',
      ...shape,
      testShare: 0.2,
      leastCell: 1,
      paceMs: 30_000,
    });
    await ready(lab, 'ds_coded');
    await answer('couple request --dataset ds_coded --model md_risk --rounds 2 --id tc_coded --yes');
    expect((await ended(owner, 'tc_coded', withinMs)).state).toBe('finished');
    await answer('model export tc_coded --out coded.json');
  }, withinMs);

  it('keeps their names from ledger, vault, hosts, model owner and every log', () => {
    const { heldOutPath, codebookPath } = owner.member.home.dataset('ds_coded');
    const own = [heldOutPath, codebookPath].map((path) => relative(market.folder, path));
    for (const part of parts) expect(filesWith(part).sort()).toEqual(['coded.csv', ...own].sort());
    expect(statSync(codebookPath).mode & 0o777).toBe(0o600);
    expect(filesWith('sex = c-')).toContain('coded.json');
  });

  it(
    'gives models that their data owner uses with texts, and others with codes or the codebook',
    async () => {
      const { heldOutPath, codebookPath } = owner.member.home.dataset('ds_coded');
      const found = await answer<Figures>(`model evaluate coded.json --data ${heldOutPath}`, owner);
      expect(found.otherLevels).toEqual([]);

      const evaluated = `model evaluate tc_coded --data ${heldOutPath}`;
      const refused = await veritrain(evaluated);
      expect(refused.stderr).toMatch(/^VT7018 LEVELS_ARE_CODES/);
      expect(refused.status).toBe(4);
      expect(rounded(await answer(`${evaluated} --codebook ${codebookPath}`))).toEqual(rounded(found));

      const levels = readCodebook(codebookPath).columns.flatMap((column) => column.levels);
      const inCodes = levels.reduce(
        (csv, { code, text }) => csv.replaceAll(`"${text.replaceAll('"', '""')}"`, code),
        readFileSync(heldOutPath, 'utf8'),
      );
      expect(parts.filter((part) => inCodes.includes(part))).toEqual([]);
      writeFileSync(join(market.folder, 'in-codes.csv'), inCodes);
      const withCodes = 'model evaluate tc_coded --data in-codes.csv';
      expect(rounded(await answer(withCodes))).toEqual(rounded(found));

      writeFileSync(join(market.folder, 'other.json'), '{ "schemaVersion": 1, "columns": [] }');
      const other = await veritrain(`${withCodes} --codebook other.json`);
      expect(other.stderr).toMatch(/^VT7019 CODEBOOK_DOES_NOT_FIT/);
      expect((await veritrain(`${withCodes} --codebook coded.csv`)).stderr).toMatch(/^VT9004 FILE_INVALID/);
    },
    withinMs,
  );
});
