import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { decodeTemplate, readPackage, type Template } from '@veritrain/training';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../../../test/support/folder.js';
import { readDatasetFacts } from '../datasets/datasetFacts.js';
import { splitDataset } from '../datasets/splitDataset.js';
import { streamFile } from '../home/ownFiles.js';
import type { Member } from '../profile/member.js';
import { memberContext } from '../testing/memberContext.js';
import { codebookFor, readCodebook } from './codebook.js';
import { TrainingResult } from './memberModels.js';
import { onnxFile } from './onnxFile.js';
import type { TrainedModel } from './trainedModel.js';

const folder = testFolder('codebook');
const datasetId = 'ds_wards';
const wards = ['Süd, A', 'Süd, A', 'Nord', 'Ost'];
const rows = Array.from(
  { length: 900 },
  (_, row) => `"${wards[row % 4] ?? ''}",${row % 97},${(row * 7) % 11}`,
);
const csv = `ward,age,target\n${rows.join('\n')}`;
const input = { csv, source: 'wards.csv', target: 'target', subsets: 3, datasetId, codes: true };

async function split(more = {}): Promise<{ member: Member; template: Template; codebookPath: string }> {
  const { member } = memberContext({ folder: folder() });
  const { datasetId: id } = await splitDataset(member, { ...input, ...more }, {});
  const { templatePath, codebookPath } = member.home.dataset(id);
  return { member, template: decodeTemplate(readFileSync(templatePath)), codebookPath };
}

/** A model on the template's features, with a weight that tells them apart. */
const modelOf = ({ columns, recipe, target }: Template): TrainedModel =>
  ({
    datasetId,
    columns,
    recipe,
    target,
    family: 'linear',
    parameters: { weights: columns.map((_, place) => 10 ** place), intercept: 0 },
  }) as unknown as TrainedModel;

describe('the codebook of a split', () => {
  it('is a file of its owner alone, and the only one with names of levels', async () => {
    const { member, template, codebookPath } = await split();
    expect(readCodebook(codebookPath).columns.map(({ column }) => column)).toEqual(['ward']);
    expect(statSync(codebookPath).mode & 0o777).toBe(0o600);
    expect(readDatasetFacts(member.home, datasetId).codedColumns).toEqual(['ward']);
    const home = member.home.dataset(datasetId);
    const files = [home.templatePath, join(home.folder, 'dataset.json'), home.packagePath(0)];
    for (const path of files) expect(readFileSync(path).toString()).not.toMatch(/S.d, A|Nord|Ost/);
    const { features } = await readPackage(streamFile(home.packagePath(0)), { family: 'linear' });
    expect(features).toBe(template.features);
  });

  it('is the same after a split that was killed before its end, and other codes for another dataset', async () => {
    const { member, codebookPath } = await split();
    const { folder: home } = member.home.dataset(datasetId);
    const before = ['codebook.json', 'template.json', 'dataset.json'].map((name) =>
      readFileSync(join(home, name)),
    );
    // The facts are written last.
    for (const name of ['codebook.json', 'dataset.json']) rmSync(join(home, name));
    await splitDataset(member, input, {});
    expect(
      ['codebook.json', 'template.json', 'dataset.json'].map((name) => readFileSync(join(home, name))),
    ).toEqual(before);
    await splitDataset(member, { ...input, datasetId: 'ds_other' }, {});
    const [own, other] = [codebookPath, member.home.dataset('ds_other').codebookPath].map((path) =>
      readCodebook(path).columns.flatMap(({ levels }) => levels.map(({ code }) => code)),
    );
    expect(other?.filter((code) => own?.includes(code))).toEqual([]);
  });

  it('is not there without codes, and a split stays as it is when one with codes is asked for', async () => {
    const { member, codebookPath } = await split({ codes: false });
    expect(existsSync(codebookPath)).toBe(false);
    await expect(splitDataset(member, input, {})).rejects.toThrow('VT9005');
    expect(existsSync(codebookPath)).toBe(false);
    await expect(splitDataset(member, { ...input, datasetId: 'ds_new', codes: ['age'] }, {})).rejects.toThrow(
      /^VT7501 .*"age" holds numbers/,
    );
    expect(existsSync(member.home.dataset('ds_new').folder)).toBe(false);
  });
});

describe('a model whose levels are codes', () => {
  const [nord, ost] = [
    { ward: 'Nord', age: 1 },
    { ward: 'Ost', age: 1 },
  ];

  it('reads texts where its dataset was split here, and elsewhere with the codebook that was given', async () => {
    const { member, template, codebookPath } = await split();
    const model = modelOf(template);
    const own = new TrainingResult(model, codebookFor(member.home, model));
    const { predictions } = own.predict([nord, ost]);
    expect(new Set(predictions).size).toBe(2);

    const elsewhere = memberContext({ folder: join(folder(), 'elsewhere') }).member.home;
    expect(codebookFor(elsewhere, model)).toBeUndefined();
    const lab = new TrainingResult(model, codebookFor(elsewhere, model));
    expect(() => lab.predict([nord, ost])).toThrow(/^VT7018 LEVELS_ARE_CODES/);
    const book = readCodebook(codebookPath);
    for (const codebook of [codebookPath, book])
      expect(lab.predict([nord, ost], { codebook }).predictions).toEqual(predictions);
    const codeOf = (text: string): string =>
      book.columns[0]?.levels.find((level) => level.text === text)?.code ?? '';
    const inCodes = [nord, ost].map((row) => ({ ...row, ward: codeOf(row.ward) }));
    expect(lab.predict(inCodes).predictions).toEqual(predictions);
    expect(own.predict(inCodes).predictions).toEqual(predictions);
  });

  it('refuses files that are no codebook of it, and arguments that are none at all', async () => {
    const { template, codebookPath } = await split();
    const result = new TrainingResult(modelOf(template));
    const path = join(folder(), 'book.json');
    mkdirSync(dirname(path), { recursive: true });
    const predictWith = (content: string | Buffer) => () => {
      writeFileSync(path, content);
      return result.predict([nord], { codebook: path });
    };
    const book = readCodebook(codebookPath);
    const [first, ...others] = book.columns[0]?.levels ?? [];
    const withLevels = (levels: unknown[]): string =>
      JSON.stringify({ ...book, columns: [{ column: 'ward', levels }] });
    expect(predictWith(withLevels(others))).toThrow(/^VT7019 .*has no text for c-/);
    expect(predictWith(withLevels([first, ...others, { ...first, text: 'West' }]))).toThrow('VT9004');
    expect(predictWith('ward,age')).toThrow('VT9004');
    expect(predictWith(Buffer.alloc(17 * 1024 * 1024))).toThrow('VT9261');
    expect(() => result.predict([nord], { codebook: join(folder(), 'none.json') })).toThrow('VT9003');
    expect(() => result.predict([nord], { codebook: { columns: [] } as never })).toThrow('VT9001');
    const plain = {
      ...modelOf(template),
      recipe: undefined,
      columns: ['age'],
      parameters: { weights: [1], intercept: 0 },
    };
    expect(() => new TrainingResult(plain as never).predict([nord], { codebook: book })).toThrow('VT7019');
  });

  it('looks for no codebook by an id that is no name of a folder', async () => {
    const { member, template } = await split();
    const model = { ...modelOf(template), datasetId: `../datasets/${datasetId}` };
    expect(codebookFor(member.home, model)).toBeUndefined();
  });

  it('takes codes as an ONNX file, or texts where a codebook is given', async () => {
    const { template, codebookPath } = await split();
    const model = {
      ...modelOf(template),
      coupleId: 'tc_1',
      modelId: 'md_1',
      programDigest: 'sha256:',
      rounds: 1,
    };
    const said = Buffer.from((await onnxFile(model)).bytes);
    expect(said.includes('Nord')).toBe(false);
    expect(said.includes('["ward"]')).toBe(true);
    const result = new TrainingResult(model);
    expect(Buffer.from((await result.onnx({ codebook: codebookPath })).bytes).includes('Nord')).toBe(true);
    expect(Buffer.from((await result.onnx()).bytes).equals(said)).toBe(true);
    await expect(result.onnx({ codebook: 'none.json' })).rejects.toThrow('VT9003');
  });
});
