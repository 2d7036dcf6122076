// What a transaction costs its client: the SDK's connection with its native signer against the stock gateway client with
// its own, each in a process of its own, by turns, on one embedded ledger. Prints a table and one JSON line.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const client = fileURLToPath(new URL('clientCpuRun.mjs', import.meta.url));
const turns = 5;
const transactions = 400;
const inFlight = 20;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function firstLine(child) {
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return JSON.parse(line);
}

async function startLedger(data) {
  const manifest = require.resolve('@veritrain/embedded-ledger/package.json');
  const program = join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin['embedded-ledger']);
  const chaincode = dirname(require.resolve('@veritrain/chaincode/package.json'));
  const options = [
    '--chaincode',
    chaincode,
    '--data',
    data,
    '--port',
    '0',
    '--ca-port',
    '0',
    '--until-stdin-ends',
  ];
  const child = spawn(process.execPath, [program, ...options], { stdio: ['pipe', 'pipe', 'inherit'] });
  return { child, ledger: await firstLine(child) };
}

function userOf(organizations) {
  const user = join(organizations, 'peerOrganizations/org1.example.com/users/User1@org1.example.com/msp');
  const only = (folder) => readFileSync(join(user, folder, readdirSync(join(user, folder))[0]), 'utf8');
  return { mspId: 'Org1MSP', certificatePem: only('signcerts'), privateKeyPem: only('keystore') };
}

/** As a profile pins them: what the SDK does to check endorsements is part of what is measured. */
function pinned(organizations) {
  const peers = join(organizations, 'peerOrganizations');
  return readdirSync(peers).map((domain) => {
    const roots = join(peers, domain, 'msp', 'cacerts');
    const rootCertificatesPem = readdirSync(roots).map((name) => readFileSync(join(roots, name), 'utf8'));
    return { mspId: `O${domain.slice(1, 4)}MSP`, rootCertificatesPem, peerUnit: 'peer' };
  });
}

const folder = mkdtempSync(join(tmpdir(), 'veritrain-bench-'));
const { child, ledger } = await startLedger(join(folder, 'ledger'));
try {
  const { organizations } = ledger;
  const work = {
    ...ledger,
    identity: userOf(organizations),
    pinned: pinned(organizations),
    transactions,
    inFlight,
  };
  const results = { stock: [], native: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    for (const kind of Object.keys(results)) {
      const run = spawn(process.execPath, [client], { stdio: ['pipe', 'pipe', 'inherit'] });
      run.stdin.end(JSON.stringify({ ...work, kind }));
      results[kind].push(await firstLine(run));
    }
  }
  const rows = Object.entries(results).map(([kind, list]) => ({
    client: kind,
    'CPU ms a transaction': Number(median(list.map(({ cpuMs }) => cpuMs)).toFixed(2)),
    'transactions a second': Math.round(median(list.map(({ perSecond }) => perSecond))),
  }));
  console.table(rows);
  const [stock, native] = rows.map((row) => row['CPU ms a transaction']);
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
  console.log(
    JSON.stringify({
      bench: 'client-cpu',
      transactions,
      inFlight,
      turns,
      rows,
      ratio: Number((native / stock).toFixed(3)),
      machine,
    }),
  );
} finally {
  child.stdin.end();
  await once(child, 'exit');
  rmSync(folder, { recursive: true, force: true });
}
