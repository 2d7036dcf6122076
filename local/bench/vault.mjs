// How fast objects go into a vault and out of it, and how much memory that takes, by their size: in a bucket of an S3
// (MinIO, on this machine) and in a folder. Each run is a process of its own. Prints a table and one JSON line.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { haveMinio, startMinio } from '@veritrain/local';

const member = fileURLToPath(new URL('vaultRun.mjs', import.meta.url));
/** Bytes, and how often. */
const sizes = [
  ['10 MB', 10e6, 5],
  ['100 MB', 100e6, 3],
  ['1 GB', 1e9, 1],
];
const directions = ['put', 'get'];
const require = createRequire(import.meta.url);
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const versionOf = (name) => JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')).version;

async function measure(work) {
  const child = spawn(process.execPath, [member], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(work));
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return JSON.parse(line);
}

/** One object, in and out again, as often as asked. */
async function rowsOf(kind, vault, [size, sizeBytes, turns]) {
  const seen = { put: [], get: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    const put = await measure({ ...vault, direction: 'put', sizeBytes });
    seen.put.push(put);
    seen.get.push(await measure({ ...vault, direction: 'get', handle: put.handle, digest: put.digest }));
  }
  return directions.map((direction) => ({
    vault: kind,
    object: size,
    direction,
    'MB a second': Math.round(median(seen[direction].map(({ seconds }) => sizeBytes / 1e6 / seconds))),
    'most memory (RSS, MiB)': Math.max(...seen[direction].map(({ rssMiB }) => rssMiB)),
    'before (MiB)': Math.max(...seen[direction].map(({ beforeMiB }) => beforeMiB)),
  }));
}

const folder = mkdtempSync(join(tmpdir(), 'veritrain-bench-'));
const program = await haveMinio((command) => console.error(`building MinIO: ${command}`));
const minio = await startMinio({ program, data: join(folder, 'minio') });
try {
  const s3 = {
    endpoint: minio.endpoint,
    bucket: 'bench',
    credentials: { kind: 'static', ...minio.credentials },
  };
  const rows = [];
  await measure({ s3, direction: 'makeBucket' });
  for (const size of sizes) {
    rows.push(...(await rowsOf('S3', { s3 }, size)));
    rows.push(...(await rowsOf('folder', { path: join(folder, 'vault') }, size)));
  }
  console.table(rows);
  const machine = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
  };
  const versions = {
    node: process.version,
    client: `minio ${versionOf('minio')}`,
    server: execFileSync(program, ['--version'], { encoding: 'utf8' }).split('\n')[0],
  };
  console.log(JSON.stringify({ bench: 'vault', rows, machine, versions }));
} finally {
  await minio.stop();
  rmSync(folder, { recursive: true, force: true });
}
