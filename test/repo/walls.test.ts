import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { walls } from '../../scripts/walls.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const fixtures = join(here, 'fixtures', 'walls');

// The project's own configuration, less what needs type information: a fixture stands in no tsconfig.
const linter = new ESLint({
  cwd: root,
  ignore: false,
  overrideConfig: [{ files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked }],
});

/** A path in the room that the wall closes, where no real file stands. */
const roomOf = (pattern: string): string => join(root, pattern.replace('**/*.ts', 'wallFixture.ts'));

describe('import walls', () => {
  it.each(walls)('$name: the violating fixture fails', async ({ name, files, why }) => {
    const code = readFileSync(join(fixtures, `${name}.ts`), 'utf8');
    for (const pattern of files) {
      const [result] = await linter.lintText(code, { filePath: roomOf(pattern) });
      const messages = result?.messages.filter(({ ruleId }) => ruleId === 'no-restricted-imports') ?? [];
      expect(messages.map(({ message }) => message).join()).toContain(why);
    }
  });

  it('has a fixture for every wall, and a wall for every fixture', () => {
    const names = readdirSync(fixtures).filter((name) => name.endsWith('.ts'));
    expect(names.map((name) => basename(name, '.ts')).sort()).toEqual(walls.map(({ name }) => name).sort());
  });

  it('cycles: two files that import each other fail', async () => {
    const results = await linter.lintFiles(join(fixtures, 'cycle', '*.ts'));
    expect(results.map(({ messages }) => messages.map(({ ruleId }) => ruleId))).toEqual([
      ['import-x/no-cycle'],
      ['import-x/no-cycle'],
    ]);
  });
});

describe('what ends a suite', () => {
  const lintEnd = async (end: string): Promise<number> => {
    const code = `let x: any; let folder: string; beforeAll(async () => { folder = mkdtempSync('a'); x = await start(); }); ${end}`;
    const [result] = await linter.lintText(code, { filePath: join(root, 'agents', 'src', 'some.test.ts') });
    return result!.messages.filter(({ ruleId }) => ruleId === 'ours/cleanup-looks-first').length;
  };

  it.each([
    'afterAll(() => x.close());',
    'afterEach(async () => { await x.vault.stop(); });',
    'afterAll(() => x());',
    'afterAll(() => { for (const each of x) each.close(); });',
    'afterAll(() => stop(x));',
  ])('may not take for granted what its beginning was to set: %s', async (end) => {
    expect(await lintEnd(end)).toBe(1);
  });

  it.each([
    'afterAll(() => x?.close());',
    'afterEach(async () => { await x?.vault.stop(); });',
    'afterAll(() => x?.());',
    'afterAll(() => { if (x !== undefined) stop(x); });',
    'afterAll(() => x && stop(x));',
    'afterAll(() => rmSync(folder));',
  ])('may look first: %s', async (end) => {
    expect(await lintEnd(end)).toBe(0);
  });
});
