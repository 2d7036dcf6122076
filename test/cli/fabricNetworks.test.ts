import { exitStatus } from '@veritrain/cli';
import { enrol, register } from '@veritrain/client-sdk/enrolment';
import { type Ledger, startLedger } from '@veritrain/embedded-ledger';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callVeritrain, type Called } from './support/veritrain.js';

/** What Fabric's networks leave on the disk, of a ledger that runs; the members in it must reach the market. */
const folder = mkdtempSync(join(tmpdir(), 'veritrain-networks-'));
const home = join(folder, 'home');
const secretFile = join(folder, 'secret.txt');
const wallet = join(folder, 'wallet');
const connectionFile = join(folder, 'connection.json');
const chaincode = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'chaincode');
let ledger: Ledger;

const veritrain = (...args: string[]): Promise<Called> => callVeritrain(args, { folder, home });
const folderOf = (organization: string): string =>
  join(ledger.organizations, 'peerOrganizations', `${organization}.example.com`);
const onlyFile = (at: string): string => readFileSync(join(at, readdirSync(at)[0] ?? ''), 'utf8');
const rootPath = (): string => ledger.tls?.rootCertificate ?? '';
const rootPem = (): string => readFileSync(rootPath(), 'utf8');

/** A connection profile as test-network writes it. The one gateway of the ledger is a peer of the first organisation. */
const profileOf = (number: number, trusted: object): object => {
  const [org, domain] = [`Org${number.toString()}`, `org${number.toString()}.example.com`];
  const name = 'peer0.org1.example.com';
  return {
    name: `test-network-org${number.toString()}`,
    version: '1.0.0',
    client: { organization: org, connection: { timeout: { peer: { endorser: '300' } } } },
    organizations: {
      [org]: { mspid: `${org}MSP`, peers: [`peer0.${domain}`], certificateAuthorities: [`ca.${domain}`] },
    },
    peers: {
      [`peer0.${domain}`]: {
        url: `grpcs://${ledger.gateway}`,
        tlsCACerts: trusted,
        grpcOptions: { 'ssl-target-name-override': name, hostnameOverride: name },
      },
    },
    certificateAuthorities: {
      [`ca.${domain}`]: {
        url: ledger.ca,
        caName: `ca-org${number.toString()}`,
        tlsCACerts: trusted,
        httpOptions: { verify: false },
      },
    },
  };
};

beforeAll(async () => {
  const data = join(folder, 'ledger');
  ledger = await startLedger({ chaincode, data, port: 0, caPort: 0, tls: true, log: () => undefined });
  writeFileSync(connectionFile, JSON.stringify(ledger));
  const profile = JSON.stringify(profileOf(2, { pem: [rootPem()] }));
  writeFileSync(join(folderOf('org2'), 'connection-org2.json'), profile);
  writeFileSync(join(folderOf('org3'), 'connection-org3.yaml'), toYaml(profileOf(3, { path: rootPath() })));
  await registerAlder();
  const msp = join(folderOf('org3'), 'users', 'User1@org3.example.com', 'msp');
  const credentials = {
    certificate: onlyFile(join(msp, 'signcerts')),
    privateKey: onlyFile(join(msp, 'keystore')),
  };
  mkdirSync(wallet);
  const identity = { credentials, mspId: 'Org3MSP', type: 'X.509', version: 1 };
  writeFileSync(join(wallet, 'appUser.id'), JSON.stringify(identity));
}, 120_000);
afterAll(async () => {
  await ledger?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function registerAlder(): Promise<void> {
  const ca = { url: ledger.ca, name: 'ca-org2', tlsRootPem: rootPem() };
  const { enrolmentId, secretFile: registrarFile } = ledger.registrar;
  const registrarSecret = readFileSync(registrarFile, 'utf8').trim();
  const registrar = await enrol({ ca, mspId: 'Org2MSP', enrolmentId, secret: registrarSecret });
  const { secret } = await register({ ca, registrar, enrolmentId: 'alder' });
  writeFileSync(secretFile, `${secret}\n`);
}

/** JSON in the block style of YAML, as Fabric's templates have it. */
function toYaml(value: unknown, indent = ''): string {
  if (Array.isArray(value)) return value.map((one) => `\n${indent}- ${String(one)}`).join('');
  if (typeof value !== 'object' || value === null) return ` ${String(value)}`;
  const lines = Object.entries(value).map(([key, of]) => `${indent}${key}:${toYaml(of, `${indent}  `)}`);
  return `${indent === '' ? '' : '\n'}${lines.join('\n')}`;
}

describe('veritrain init with what a Fabric network leaves', () => {
  const market = (): string[] => ['--channel', ledger.channel, '--chaincode', ledger.chaincode];
  const fabric = (organization: string): string[] => [
    ...['--fabric', ledger.organizations, '--organization', `${organization}.example.com`],
    ...market(),
  ];
  const ofWallet = ['--wallet', wallet, '--identity', 'appUser'];
  const ways: [name: string, mspId: string, args: () => string[]][] = [
    ['profile', 'Org2MSP', () => [...fabric('org2'), '--user', 'User1']],
    ['yaml', 'Org3MSP', () => [...fabric('org3'), '--user', 'Admin']],
    [
      'folders',
      'Org1MSP',
      () => [
        ...fabric('org1'),
        '--user',
        'User1',
        '--gateway',
        ledger.gateway.replace('localhost', '127.0.0.1'),
      ],
    ],
    ['enrolled', 'Org2MSP', () => [...fabric('org2'), '--enrol', 'alder', '--secret-file', secretFile]],
    [
      'registered',
      'Org2MSP',
      () => [
        ...fabric('org2'),
        ...['--register', '--registrar', ledger.registrar.enrolmentId],
        ...['--secret-file', ledger.registrar.secretFile],
      ],
    ],
    [
      'wallet',
      'Org3MSP',
      () => [...['--fabric', join(folderOf('org3'), 'connection-org3.yaml')], ...ofWallet, ...market()],
    ],
    ['connected', 'Org3MSP', () => ['--connect', connectionFile, ...ofWallet]],
  ];

  it.each(ways)('makes a member that the market knows: %s', async (name, mspId, args) => {
    expect(await veritrain('init', name, ...args())).toMatchObject({ status: exitStatus.done });
    const { status, stdout } = await veritrain('whoami', '--profile', name, '--format', 'json');
    expect(status).toBe(exitStatus.done);
    expect(JSON.parse(stdout)).toMatchObject({ data: { mspId, participant: null } });
  });

  const wrong: [what: string, args: () => string[], status: number, said: RegExp][] = [
    [
      'no address',
      () => [...fabric('org1'), '--user', 'User1'],
      exitStatus.arguments,
      /VT9001 .*holds no connection profile/s,
    ],
    [
      'no such user',
      () => [...fabric('org2'), '--user', 'User9'],
      exitStatus.connection,
      /VT9104 .*there are Admin, User1\./s,
    ],
    [
      'no such peer',
      () => [...fabric('org2'), '--user', 'User1', '--peer', 'peer1.org2.example.com'],
      exitStatus.arguments,
      /VT9001 .*no peer peer1.*Did you mean/s,
    ],
    [
      'no identity named',
      () => ['--connect', connectionFile, '--wallet', wallet],
      exitStatus.arguments,
      /VT9001 .*--identity; there are appUser/s,
    ],
    [
      'no secret of the registrar',
      () => [...fabric('org2'), '--register', '--registrar', 'admin'],
      exitStatus.arguments,
      /VT9001 .*the secret of admin/s,
    ],
    [
      'a registrar for nothing',
      () => [...fabric('org2'), '--user', 'User1', '--registrar', 'admin'],
      exitStatus.arguments,
      /VT9001 .*goes with --register/s,
    ],
    [
      'two networks',
      () => [...fabric('org2'), '--user', 'User1', '--connect', 'x'],
      exitStatus.arguments,
      /VT9001 .*not both/s,
    ],
    ['no network', () => ['--user', 'User1'], exitStatus.arguments, /VT9001 .*--connect, or --fabric/s],
    [
      'two identities',
      () => [...fabric('org2'), '--user', 'User1', '--wallet', wallet],
      exitStatus.arguments,
      /VT9001 .*one of them/s,
    ],
    [
      'an address without a port',
      () => [...fabric('org1'), '--user', 'User1', '--gateway', 'localhost'],
      exitStatus.arguments,
      /VT9001 .*--gateway: must look like/s,
    ],
  ];

  it.each(wrong)('makes nothing of %s', async (what, args, status, said) => {
    const name = what.replaceAll(' ', '-');
    const ended = await veritrain('init', name, ...args());
    expect(ended.status).toBe(status);
    expect(ended.stderr.replace(/\s+/g, ' ')).toMatch(said);
    expect(readdirSync(join(home, 'profiles'))).not.toContain(name);
  });
});
