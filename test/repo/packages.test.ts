import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diabetes } from '../support/storyMarket.js';
import { Archives, installing, npm, root, run } from './support/archives.js';

// Hoisting hides missing dependencies: so each archive is installed where nothing else is, which takes its time.

let archives: Archives;

/** A folder in which everything is installed, made when it is first asked for. */
let everything: Promise<string> | undefined;
const withEverything = (): Promise<string> =>
  (everything ??= archives.install('everything', [...archives.paths.keys()]));

async function node(folder: string, code: string): Promise<string> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { cwd: folder });
  return stdout.trim();
}

beforeAll(async () => {
  archives = await Archives.pack();
});
afterAll(() => archives?.clear());

describe('packed archives, each in an empty folder', installing, () => {
  it('hold neither sources, tests nor paths of the machine that built them', async () => {
    for (const [name, archive] of archives.paths) {
      const { stdout } = await run('tar', ['tzf', archive]);
      const files = stdout.trim().split('\n');
      expect(
        files.filter((file) => /\.test\.|\/src\/|\/bench\//.test(file)),
        name,
      ).toEqual([]);
      const { stdout: text } = await run('tar', ['xzOf', archive], { maxBuffer: 2 ** 28 });
      expect(text.includes(root), name).toBe(false);
    }
  });

  it('client-sdk imports, with no chaincode beside it', async () => {
    const folder = await archives.install('sdk', ['client-sdk']);
    expect(
      await node(folder, `console.log(typeof (await import('@veritrain/client-sdk')).connectMarket)`),
    ).toBe('function');
    for (const part of ['enrolment', 's3'])
      expect(await node(folder, `await import('@veritrain/client-sdk/${part}'); console.log('ok')`)).toBe(
        'ok',
      );
    expect(readdirSync(join(folder, 'node_modules', '@veritrain'))).toEqual(['client-sdk']);
  });

  it('training imports', async () => {
    const folder = await archives.install('training', ['training']);
    expect(await node(folder, `console.log(typeof (await import('@veritrain/training')).parseTable)`)).toBe(
      'function',
    );
  });

  it('embedded-ledger imports and its command answers', async () => {
    const folder = await archives.install('ledger', ['embedded-ledger']);
    expect(
      await node(folder, `console.log(typeof (await import('@veritrain/embedded-ledger')).startLedger)`),
    ).toBe('function');
    const { stdout } = await run(process.execPath, ['node_modules/.bin/embedded-ledger', '--help'], {
      cwd: folder,
    });
    expect(stdout).toContain('--chaincode');
  });

  it('agents bring neither the command’s packages nor those of the demo', async () => {
    const folder = await archives.install(
      'agents',
      [...archives.paths.keys()].filter(
        (name) => !['local', 'demo', 'cli', 'embedded-ledger', 'network', 'chaincode'].includes(name),
      ),
    );
    const brought = readdirSync(join(folder, 'node_modules'));
    expect(brought).toContain('pino');
    expect(brought.filter((name) => /^(vega|commander|cli-table|fabric-shim)/.test(name))).toEqual([]);
    expect(await node(folder, `console.log(typeof (await import('@veritrain/agents')).runAgent)`)).toBe(
      'function',
    );
  });

  it('cli, with what it needs: the demo runs from the archives', async () => {
    const folder = await withEverything();
    const { stdout } = await run(
      process.execPath,
      ['node_modules/.bin/veritrain', 'demo', '--rounds', '2', '--seed', '1', '--format', 'json'],
      { cwd: folder, maxBuffer: 2 ** 26 },
    );
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'completed', rounds: 2 });
  });

  it('member: its README’s program goes from nothing to a predicted row, in at most 40 lines', async () => {
    const folder = await withEverything();
    const [, program = ''] = /## From nothing[^]*?```js\n([^]*?)```/.exec(
      readFileSync(join(root, 'member', 'README.md'), 'utf8'),
    )!;
    expect(program.trim().split('\n').length).toBeLessThanOrEqual(40);
    writeFileSync(join(folder, 'patients.csv'), diabetes().replace('target', 'progression'));
    writeFileSync(join(folder, 'program.mjs'), program);
    const { stdout } = await run(process.execPath, ['program.mjs'], { cwd: folder });
    const lines = stdout.trim().split('\n');
    expect(lines[0]).toBe('TrainingRequested');
    expect(lines.at(-2)).toBe('TrainingFinished');
    expect(Number(lines.at(-1))).toBeGreaterThan(0);
  });

  it('member loads neither SEAL, nor what the command, the agents and the demo are made of, until it is used', async () => {
    const folder = await withEverything();
    const heavy = /node_modules.(node-seal|@tensorflow|commander|pino|vega|minio)/;
    const loaded = await node(
      folder,
      `import { registerHooks } from 'node:module';
       const loaded = [];
       registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
       await import('@veritrain/member');
       console.log(JSON.stringify(loaded));`,
    );
    expect((JSON.parse(loaded) as string[]).filter((url) => heavy.test(url))).toEqual([]);
  });

  it('chaincode alone, copied out: npm ci, build, start', async () => {
    const folder = join(archives.work, 'chaincode-alone');
    cpSync(join(root, 'chaincode'), folder, {
      recursive: true,
      filter: (path) => !['node_modules', 'dist'].includes(basename(path)),
    });
    await npm(['ci', '--include=dev'], folder);
    await npm(['run', 'build'], folder);
    const start = run('npm', ['start', '--', '--peer.address', '127.0.0.1:1'], { cwd: folder });
    // No peer listens there: the program must get as far as asking for one.
    await expect(start).rejects.toThrow(
      /CORE_CHAINCODE_ID_NAME|chaincode-id-name|connect|UNAVAILABLE|ECONNREFUSED/,
    );
  });
});
