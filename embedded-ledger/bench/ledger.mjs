// `npm run bench -w embedded-ledger` measures the latency and throughput of evaluate and submit at 1, 10, 100 and 1000
// in flight. The ledger and its chaincode are processes; the genuine client, with a native signer, runs in this one.
import { spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as grpc from '@grpc/grpc-js';
import { connect, hash } from '@hyperledger/fabric-gateway';
import { signLowS } from '../dist/identity/signature.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    flight: { type: 'string', default: '1,10,100,1000' },
    out: { type: 'string' },
    chaincode: {
      type: 'string',
      default: fileURLToPath(new URL('../../test/conformance/probe', import.meta.url)),
    },
  },
});
const SECONDS = Number(values.seconds);
const CLOCK_TICKS_PER_SECOND = 100;

const data = mkdtempSync(join(tmpdir(), 'ledger-bench-'));
const started = performance.now();
const child = spawn(
  process.execPath,
  [
    fileURLToPath(new URL('../dist/cli.js', import.meta.url)),
    ...['--chaincode', values.chaincode, '--data', data, '--port', '0', '--ca-port', '0', '--name', 'probe'],
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
const [line] = await once(createInterface({ input: child.stdout }), 'line');
const ready = JSON.parse(line);
const readyMs = performance.now() - started;
const { contract, close } = connectTo(ready);

const rows = [];
await measure('submit', 20, 1);
for (const call of ['evaluate', 'submit']) {
  for (const inFlight of values.flight.split(',').map(Number))
    rows.push(await measure(call, inFlight, SECONDS));
}
close();
child.kill('SIGTERM');
await once(child, 'exit');
rmSync(data, { recursive: true, force: true });
report();

function connectTo({ gateway: address, organizations, channel, chaincode }) {
  const user = 'org1.example.com/users/User1@org1.example.com/msp';
  const msp = join(organizations, 'peerOrganizations', user);
  const read = (folder) => readFileSync(join(msp, folder, readdirSync(join(msp, folder))[0]));
  const privateKey = createPrivateKey(read('keystore'));
  const client = new grpc.Client(address, grpc.credentials.createInsecure());
  const gateway = connect({
    client,
    identity: { mspId: 'Org1MSP', credentials: read('signcerts') },
    signer: async (message) => signLowS(privateKey, message),
    hash: hash.none,
    evaluateOptions: () => ({ deadline: Date.now() + 120_000 }),
    endorseOptions: () => ({ deadline: Date.now() + 120_000 }),
    submitOptions: () => ({ deadline: Date.now() + 120_000 }),
    commitStatusOptions: () => ({ deadline: Date.now() + 120_000 }),
  });
  const close = () => {
    gateway.close();
    client.close();
  };
  return { contract: gateway.getNetwork(channel).getContract(chaincode), close };
}

/** Keeps `inFlight` calls running for `seconds`, then lets them end. */
async function measure(call, inFlight, seconds) {
  const milliseconds = [];
  let failures = 0;
  let next = 0;
  const before = cpuSeconds();
  const begun = performance.now();
  const until = begun + seconds * 1000;
  const worker = async () => {
    while (performance.now() < until) {
      const key = `${call}-${inFlight}-${next++}`;
      const from = performance.now();
      try {
        if (call === 'submit') await contract.submitTransaction('put', key, 'value');
        else await contract.evaluateTransaction('get', key);
        milliseconds.push(performance.now() - from);
      } catch (error) {
        failures++;
        if (failures === 1) process.stderr.write(`${error.message}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const elapsed = (performance.now() - begun) / 1000;
  const after = cpuSeconds();
  milliseconds.sort((left, right) => left - right);
  const share = (part) => round(((after[part] - before[part]) * 1000) / milliseconds.length);
  return {
    call,
    inFlight,
    calls: milliseconds.length,
    failures,
    perSecond: round(milliseconds.length / elapsed),
    p50Ms: quantile(milliseconds, 0.5),
    p95Ms: quantile(milliseconds, 0.95),
    cpuMsPerCall: { client: share('client'), ledger: share('ledger'), chaincode: share('chaincode') },
  };
}

/** Seconds of processor time so far: of this process, the ledger and its chaincode processes. */
function cpuSeconds() {
  const own = process.cpuUsage();
  const children = childrenOf(child.pid);
  return {
    client: (own.user + own.system) / 1e6,
    ledger: processSeconds(child.pid),
    chaincode: children.reduce((sum, pid) => sum + processSeconds(pid), 0),
  };
}

function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  } catch {
    return [];
  }
}

function processSeconds(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

function quantile(sorted, part) {
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN);
}

function round(value) {
  return Math.round(value * 100) / 100;
}

function report() {
  const version = (name) => createRequire(import.meta.url)(`${name}/package.json`).version;
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    loadAverage: loadavg().map(round),
  };
  const versions = {
    node: process.version,
    'fabric-gateway': version('@hyperledger/fabric-gateway'),
    'grpc-js': version('@grpc/grpc-js'),
    'classic-level': version('classic-level'),
  };
  process.stdout.write(
    `ready in ${round(readyMs)} ms; two of three organisations endorse; ${machine.cores} cores\n`,
  );
  process.stdout.write(
    'call      in flight  per second   p50 ms    p95 ms   CPU ms/call: client  ledger  chaincode\n',
  );
  for (const { call, inFlight, perSecond, p50Ms, p95Ms, cpuMsPerCall } of rows) {
    const { client, ledger, chaincode } = cpuMsPerCall;
    const cells = [
      [inFlight, 9],
      [perSecond, 11],
      [p50Ms, 8],
      [p95Ms, 9],
      [client, 20],
      [ledger, 7],
      [chaincode, 10],
    ];
    const text = cells.map(([value, width]) => String(value).padStart(width)).join(' ');
    process.stdout.write(`${call.padEnd(8)} ${text}\n`);
  }
  const result = { readyMs: round(readyMs), endorsingOrganizations: 2, rows, machine, versions };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(result, undefined, 2)}\n`);
}
