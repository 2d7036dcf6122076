// What users install: ES modules with the contract's vocabulary inside, and types with the vocabulary's beside them, so
// that an application needs neither @veritrain/chaincode nor fabric-shim. Real dependencies stay outside.
import { execFile } from 'node:child_process';
import { cp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const folder = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const dist = join(folder, 'dist');
const types = join(dist, 'types');
const contract = dirname(require.resolve('@veritrain/chaincode/package.json'));
const { dependencies, exports } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
const entries = Object.values(exports).flatMap((entry) => basename(entry.default ?? '', '.js') || []);

await rm(dist, { recursive: true, force: true });
await Promise.all([bundleCode(), declareTypes()]);

/** From the vocabulary's source: its compiled form is CommonJS, of which nothing could be left out. */
async function bundleCode() {
  await build({
    absWorkingDir: folder,
    entryPoints: entries.map((entry) => join(folder, 'src', `${entry}.ts`)),
    outdir: dist,
    // The errors alone stay apart from the schemas, so that what only needs those loads no zod.
    alias: {
      '@veritrain/chaincode/domain/errors': join(contract, 'src', 'domain', 'errors.ts'),
      '@veritrain/chaincode/domain': join(contract, 'src', 'domain', 'index.ts'),
    },
    external: Object.keys(dependencies).flatMap((name) => [name, `${name}/*`]),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    sourcemap: true,
    logLevel: 'warning',
  });
}

/** The compiler's declarations, and the contract's next to them under a relative name. */
async function declareTypes() {
  const tsc = require.resolve('typescript/bin/tsc');
  const options = [
    '-p',
    'tsconfig.build.json',
    '--emitDeclarationOnly',
    '--outDir',
    types,
    '--sourceMap',
    'false',
  ];
  await promisify(execFile)(process.execPath, [tsc, ...options], { cwd: folder }).catch(({ stdout }) => {
    throw new Error(`The types do not compile:\n${stdout}`);
  });
  const isTypes = (path) => !path.includes('.') || path.endsWith('.d.ts');
  const vocabulary = join(types, 'domain');
  await cp(join(contract, 'dist', 'domain'), vocabulary, {
    recursive: true,
    filter: (path) => isTypes(relative(contract, path)),
  });
  for (const path of await readdir(types, { recursive: true }))
    if (path.endsWith('.d.ts')) await relink(join(types, path));

  async function relink(path) {
    const text = await readFile(path, 'utf8');
    const name = relative(dirname(path), join(vocabulary, 'index.js'));
    const linked = text.replaceAll('@veritrain/chaincode/domain', name.startsWith('.') ? name : `./${name}`);
    if (linked !== text) await writeFile(path, linked);
  }
}
