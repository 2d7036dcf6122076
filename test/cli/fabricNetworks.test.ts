import {
  exitStatus,
  readMarketWay,
  registrarOf,
  startEmbeddedLedger,
  type LedgerProcess,
} from '@veritrain/agents';
import { enrol, register } from '@veritrain/client-sdk/enrolment';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callVeritrain, type Called } from './support/veritrain.js';

/** What Fabric's networks leave on the disk, of a ledger that runs; the members in it must reach the market. */
const folder = mkdtempSync(join(tmpdir(), 'veritrain-networks-'));
const home = join(folder, 'home');
const secretFile = join(folder, 'secret.txt');
const wallet = join(folder, 'wallet');
let ledger: LedgerProcess;

const veritrain = (...args: string[]): Promise<Called> => callVeritrain(args, { folder, home });
const mspOf = (organization: string, user: string): string =>
  join(ledger.organizations, 'peerOrganizations', organization, 'users', `${user}@${organization}`, 'msp');
const onlyFile = (at: string): string => readFileSync(join(at, readdirSync(at)[0] ?? ''), 'utf8');

/** A connection profile as test-network writes it, but for TLS, which a ledger on loopback does without. */
const profileOf = (number: number): object => {
  const [org, domain] = [`Org${number.toString()}`, `org${number.toString()}.example.com`];
  return {
    name: `test-network-org${number.toString()}`,
    version: '1.0.0',
    client: { organization: org, connection: { timeout: { peer: { endorser: '300' } } } },
    organizations: {
      [org]: { mspid: `${org}MSP`, peers: [`peer0.${domain}`], certificateAuthorities: [`ca.${domain}`] },
    },
    peers: { [`peer0.${domain}`]: { url: `grpc://${ledger.gateway}` } },
    certificateAuthorities: {
      [`ca.${domain}`]: {
        url: ledger.ca,
        caName: `ca-org${number.toString()}`,
        httpOptions: { verify: false },
      },
    },
  };
};

beforeAll(async () => {
  ledger = await startEmbeddedLedger({ data: join(folder, 'ledger'), organizations: 3 });
  const organizations = join(ledger.organizations, 'peerOrganizations');
  writeFileSync(
    join(organizations, 'org1.example.com', 'connection-org1.json'),
    JSON.stringify(profileOf(1)),
  );
  writeFileSync(join(organizations, 'org2.example.com', 'connection-org2.yaml'), toYaml(profileOf(2)));
  const ca = { url: ledger.ca, name: 'ca-org1' };
  const registrar = await enrol({
    ca,
    mspId: 'Org1MSP',
    ...registrarOf(readMarketWay(join(folder, 'ledger')).connection),
  });
  const { secret } = await register({ ca, registrar, enrolmentId: 'alder' });
  writeFileSync(secretFile, `${secret}\n`);
  mkdirSync(wallet);
  const msp = mspOf('org2.example.com', 'User1');
  const credentials = {
    certificate: onlyFile(join(msp, 'signcerts')),
    privateKey: onlyFile(join(msp, 'keystore')),
  };
  const identity = { credentials, mspId: 'Org2MSP', type: 'X.509', version: 1 };
  writeFileSync(join(wallet, 'appUser.id'), JSON.stringify(identity));
}, 120_000);
afterAll(async () => {
  await ledger.stop();
  rmSync(folder, { recursive: true, force: true });
});

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
    ...['--fabric', ledger.organizations, '--organization', organization],
    ...market(),
  ];
  const ways: [name: string, mspId: string, args: () => string[]][] = [
    ['profile', 'Org1MSP', () => [...fabric('org1.example.com'), '--user', 'User1']],
    ['yaml', 'Org2MSP', () => [...fabric('org2.example.com'), '--user', 'Admin']],
    [
      'folders',
      'Org3MSP',
      () => [...fabric('org3.example.com'), '--user', 'User1', '--gateway', ledger.gateway],
    ],
    [
      'enrolled',
      'Org1MSP',
      () => [...fabric('org1.example.com'), '--enrol', 'alder', '--secret-file', secretFile],
    ],
    [
      'wallet',
      'Org2MSP',
      () => [
        ...[
          '--fabric',
          join(ledger.organizations, 'peerOrganizations/org2.example.com/connection-org2.yaml'),
        ],
        ...['--wallet', wallet, '--identity', 'appUser', ...market()],
      ],
    ],
    [
      'connected',
      'Org2MSP',
      () => ['--connect', join(folder, 'ledger'), '--wallet', wallet, '--identity', 'appUser'],
    ],
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
      () => [...fabric('org3.example.com'), '--user', 'User1'],
      exitStatus.arguments,
      /VT9001 .*holds no connection profile/s,
    ],
    [
      'no such user',
      () => [...fabric('org1.example.com'), '--user', 'User9'],
      exitStatus.connection,
      /VT9104 .*there are Admin, User1\./s,
    ],
    [
      'no such peer',
      () => [...fabric('org1.example.com'), '--user', 'User1', '--peer', 'peer1.org1.example.com'],
      exitStatus.arguments,
      /VT9001 .*no peer peer1.*Did you mean/s,
    ],
    [
      'no identity named',
      () => ['--connect', join(folder, 'ledger'), '--wallet', wallet],
      exitStatus.arguments,
      /VT9001 .*--identity; there are appUser/s,
    ],
    [
      'two networks',
      () => [...fabric('org1.example.com'), '--user', 'User1', '--connect', 'x'],
      exitStatus.arguments,
      /VT9001 .*not both/s,
    ],
    ['no network', () => ['--user', 'User1'], exitStatus.arguments, /VT9001 .*--connect, or --fabric/s],
    [
      'two identities',
      () => [...fabric('org1.example.com'), '--user', 'User1', '--wallet', wallet],
      exitStatus.arguments,
      /VT9001 .*one of them/s,
    ],
    [
      'an address without a port',
      () => [...fabric('org3.example.com'), '--user', 'User1', '--gateway', 'localhost'],
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
