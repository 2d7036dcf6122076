import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const { exports: entries, dependencies } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { exports: Record<string, { default?: string }>; dependencies: Record<string, string> };
const files = Object.values(entries).flatMap(
  ({ default: path }) => /([^/]+)\.js$/.exec(path ?? '')?.[1] ?? [],
);

/** Names that an entry file exports, types included: what cannot be seen at run time is read from the source. */
function exportsOf(entry: string): string[] {
  const source = readFileSync(new URL(`${entry}.ts`, import.meta.url), 'utf8');
  const named = [...source.matchAll(/export (type )?\{([^}]*)\}/g)].flatMap(([, type, names = '']) =>
    names
      .split(',')
      .map((name) => name.trim().replace(/^.* as /, ''))
      .filter((name) => name !== '')
      .map((name) => `${entry} ${type === undefined ? 'value' : 'type'} ${name}`),
  );
  const made = [...source.matchAll(/export const (\w+)/g)].map(([, name = '']) => `${entry} value ${name}`);
  return [...named, ...made];
}

describe('public names', () => {
  it('are the frozen ones: a change of exports.txt is a change of the API', () => {
    const frozen = readFileSync(new URL('../exports.txt', import.meta.url), 'utf8')
      .trim()
      .split('\n');
    const found = files.flatMap(exportsOf).sort();
    expect(found).toEqual(frozen);
    expect(new Set(found).size).toBe(found.length);
  });

  it('of the root are few enough to be learnt', () => {
    expect(exportsOf('index').length).toBeLessThanOrEqual(60);
  });
});

/** What a bundler makes of an import, in bytes: the modules that are loaded at once, without other packages. */
async function bundledBytes(code: string): Promise<number> {
  const { metafile } = await build({
    stdin: { contents: code, resolveDir: new URL('.', import.meta.url).pathname },
    external: Object.keys(dependencies).flatMap((name) => [name, `${name}/*`]),
    outdir: 'none',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  const outputs = Object.entries(metafile.outputs);
  const entry = outputs.find(([, { entryPoint }]) => entryPoint === '<stdin>')?.[0] ?? '';
  const loaded = new Set([entry]);
  for (const path of loaded)
    for (const { path: imported, kind } of metafile.outputs[path]?.imports ?? [])
      if (kind === 'import-statement') loaded.add(imported);
  return outputs.reduce((sum, [path, { bytes }]) => (loaded.has(path) ? sum + bytes : sum), 0);
}

describe('what a bundler takes of it', () => {
  it('is what is imported: errors and quorums bring neither market nor vault', async () => {
    const market = await bundledBytes(`export { connectMarket } from '@veritrain/client-sdk';`);
    const error = await bundledBytes(`export { isVeritrainError } from '@veritrain/client-sdk/errors';`);
    const quorum = await bundledBytes(`export { quorumOf } from '@veritrain/client-sdk/protocol';`);
    expect(market).toBeLessThan(200_000);
    expect(error).toBeLessThan(market / 3);
    expect(quorum).toBeLessThan(market / 3);
  });
});
