import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { familyChecks } from '../conformance/index.js';
import type { Table } from '../data/table.js';
import { encodeProgram, decodeProgram, defineProgram, parseProgram, programExposes } from '../program.js';
import { chooseProgram } from '../chooseProgram.js';
import { refusal } from '../testing/errors.js';
import { diabetes, packageOf, prepare } from '../testing/fixtures.js';
import { familyChoices, familyTables } from '../testing/familyTables.js';
import { openPackage } from '../trainer/openedPackage.js';
import { familyNames, familyOf, ownFamilies, registerFamily } from './registry.js';
import { ridge } from './ridge/index.js';

const folder = mkdtempSync(join(import.meta.dirname, '.families-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A module for a second process, whose default export is a program and a table. */
function moduleOf(family: string, program: unknown, table: Table): string {
  const { values, targets, ...others } = table;
  const written = JSON.stringify({
    program,
    table: { ...others, values: [...values], targets: [...targets] },
  });
  const path = join(folder, `${family}.mjs`);
  writeFileSync(
    path,
    `const { program, table } = ${written};
    for (const name of ['values', 'targets']) table[name] = Float64Array.from(table[name]);
    export default { program, table };`,
  );
  return pathToFileURL(path).href;
}

describe.each(familyNames)('the family %s', (family) => {
  const program = defineProgram({ family, ...familyChoices[family] });
  const table = familyTables[family]();
  const checks = familyChecks({ program, table, module: moduleOf(family, program, table) });
  it.each(checks)('$name', ({ run }) => run(), 1_200_000);
});

it('moments are those of the family that a package was opened for', () => {
  const prepared = prepare(diabetes(), 3);
  expect(packageOf(prepared, 0)).toEqual(openPackage(prepared.packageBytes[0]!, { family: 'linear' }));
  for (const name of ['forest', 'constructor']) refusal(() => familyOf(name), 'VT7301');
});

it('a program says what the model owner can work out of a subset', () => {
  expect(programExposes(defineProgram())).toBe('secondMoments');
  expect(programExposes(defineProgram({ family: 'logistic', degree: 1 }))).toBe('secondMoments');
  expect(programExposes(defineProgram({ family: 'logistic', degree: 2 }))).toBe('thirdMoments');
});

describe('a family of one’s own', () => {
  const code = Buffer.from('mine, as of today');
  const mine = { ...ridge, name: 'mine' };

  it('is refused where it is no family, or its name is taken', () => {
    for (const wrong of [
      null,
      {},
      { ...mine, step: 3 },
      { ...mine, name: 'My family' },
      { ...mine, more: 1 },
    ])
      refusal(() => registerFamily(wrong as never, code), 'VT7305');
    refusal(() => registerFamily(ridge, code), 'VT7305');
    registerFamily({ ...mine, name: 'taken' }, code);
    registerFamily({ ...mine, name: 'taken' }, code);
    refusal(() => registerFamily({ ...mine, name: 'taken' }, Buffer.from('other')), 'VT7305');
  });

  it('is named by programs with the digest of its code, once this process knows it', () => {
    refusal(() => defineProgram({ family: 'mine' }), 'VT7301');
    const { digest } = registerFamily(mine, code);
    expect(ownFamilies()).toContainEqual({ name: 'mine', digest });
    const program = defineProgram({ family: 'mine', lambda: 0.5 });
    expect(program).toMatchObject({ family: 'mine', familyDigest: digest, head: { lambda: 0.5 } });
    expect(program.parameters).toBe(defineProgram({ family: 'ridge' }).parameters);
    expect(decodeProgram(encodeProgram(program))).toEqual(program);
    expect(chooseProgram({ family: 'mine' }, diabetes()).family).toBe('mine');
    expect(chooseProgram({}, diabetes()).family).toBe('linear');
  });

  it('is told from other code of its name, and from a name that nobody registered, before any round', () => {
    const other = `sha256:${'0'.repeat(64)}`;
    const program = defineProgram({ family: 'mine' });
    expect(refusal(() => parseProgram({ ...program, familyDigest: other }), 'VT7304').facts).toMatchObject({
      program: other,
      here: program.familyDigest,
    });
    const { hint } = refusal(() => parseProgram({ ...program, family: 'yours' }), 'VT7301');
    expect(hint).toContain('registered in the process of every member');
    for (const changed of [
      { head: { lambda: -1 } },
      { parameters: 'ckks-8192-60-60-60/2' },
      { data: 'encrypted' },
      { family: 'ridge' },
    ])
      refusal(() => parseProgram({ ...program, ...changed }), 'VT7301');
    const { familyDigest, ...undigested } = program;
    expect(familyDigest).toBeDefined();
    refusal(() => parseProgram(undigested), 'VT7301');
  });

  it('is in CONTRIBUTING.md as in its example, in fewer than 80 lines', () => {
    const root = join(import.meta.dirname, '../../..');
    const example = readFileSync(join(root, 'examples/own-family/rootRidge.mjs'), 'utf8');
    expect(example.split('\n').length).toBeLessThan(80);
    expect(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')).toContain(`\`\`\`js\n${example}\`\`\``);
  });
});

/** The suite, from the built package, on the family that the example and CONTRIBUTING.md show. */
describe('the family of the example', async () => {
  const module = new URL('../../../examples/own-family/subject.mjs', import.meta.url).href;
  const { familyChecks: checksOf } = await import('@veritrain/training/conformance');
  const { default: subject } = (await import(module)) as { default: Parameters<typeof familyChecks>[0] };
  it.each(checksOf({ ...subject, module }))('$name', ({ run }) => run(), 1_200_000);
});
