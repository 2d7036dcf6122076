// The API reference of the packages that applications install, by typedoc. Fails on a public name without a comment, on a
// type that a public name uses and no entry exports, on a link that leads nowhere, and on an entry's comment without
// `@module`. `--html` writes the pages as well.
// Folders of packages may be named, to check those alone.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Application } from 'typedoc';
import { explainNames } from './explainedNames.mjs';
import { root } from './setup.mjs';

/** The packages that applications install. */
const packages = ['client-sdk', 'training', 'member', 'agents', 'embedded-ledger'];
const out = join(root, 'docs', 'api');

const { values, positionals } = parseArgs({ options: { html: { type: 'boolean' } }, allowPositionals: true });
const checked = positionals.length > 0 ? positionals : packages;
const converted = [];
for (const folder of checked) converted.push(await convert(join(root, folder)));
const failed = converted.filter(
  ({ app, project }) => project === undefined || app.logger.hasErrors() || app.logger.hasWarnings(),
);
if (values.html && failed.length === 0) {
  await writePages(converted);
  process.stdout.write(`${join(out, 'index.html')}\n`);
}
process.exit(failed.length > 0 ? 1 : 0);

async function convert(folder) {
  const { name, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const entryPoints = sourcesOf(exports).map((path) => join(folder, path));
  const app = await Application.bootstrap({
    name,
    entryPoints,
    tsconfig: join(folder, 'tsconfig.json'),
    // From its sources: declarations keep no comments on the fields of schemas.
    compilerOptions: {
      paths: {
        '@veritrain/chaincode/domain': [join(root, 'chaincode/src/domain/index.ts')],
        '@veritrain/chaincode/domain/errors': [join(root, 'chaincode/src/domain/errors.ts')],
      },
    },
    // Another check does it.
    skipErrorChecking: true,
    readme: 'none',
    // A clone may have no remote to link to.
    disableSources: true,
    excludePrivate: true,
    excludeInternal: true,
    logLevel: 'Warn',
    validation: { notExported: true, notDocumented: true, invalidLink: true, invalidPath: true },
    // The SDK bundles the contract's vocabulary, so it is the SDK's to explain.
    packagesRequiringDocumentation: [name, '@veritrain/chaincode'],
  });
  explainNames(app);
  for (const path of entryPoints) checkEntryComment(path, app.logger);
  const project = await app.convert();
  if (project !== undefined) app.validate(project);
  return { app, project };
}

/** The sources of a package's entries. */
function sourcesOf(exports) {
  const built = Object.values(exports).flatMap((entry) => entry.default ?? []);
  return built.map((path) => path.replace('/dist/', '/src/').replace(/\.js$/, '.ts'));
}

/** typedoc takes a comment before an export list for the comment of each listed name, which would hide missing ones. */
function checkEntryComment(path, logger) {
  const [comment] = /^\/\*\*[\s\S]*?\*\/(?=\s*export (type )?\{)/.exec(readFileSync(path, 'utf8')) ?? [];
  if (comment === undefined || comment.includes('@module')) return;
  logger.warn(`The first comment of ${path} lacks @module, so it counts for the names that follow`);
}

async function writePages(all) {
  const folder = mkdtempSync(join(tmpdir(), 'veritrain-api-'));
  try {
    const files = all.map((_, index) => join(folder, `${index}.json`));
    for (const [index, { app, project }] of all.entries()) await app.generateJson(project, files[index]);
    const app = await Application.bootstrap({
      name: 'Veritrain',
      entryPointStrategy: 'merge',
      entryPoints: files,
      readme: 'none',
      logLevel: 'Error',
    });
    await app.generateDocs(await app.convert(), out);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
