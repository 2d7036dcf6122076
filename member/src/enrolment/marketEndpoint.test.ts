import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFabricOrganization } from './marketEndpoint.js';
import { domainOf, onlyDomain } from './mspUser.js';

const folder = mkdtempSync(join(tmpdir(), 'veritrain-fabric-'));
const organizations = join(folder, 'peerOrganizations');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const root = '-----BEGIN CERTIFICATE-----\nroot\n-----END CERTIFICATE-----\n';
const authorityRoot = root.replace('root', 'authority');

/** As test-network writes `connection-org1.json`. */
const profile = {
  name: 'test-network-org1',
  version: '1.0.0',
  client: { organization: 'Org1', connection: { timeout: { peer: { endorser: '300' } } } },
  organizations: {
    Org1: {
      mspid: 'FirstMSP',
      peers: ['peer0.org1.example.com', 'peer1.org1.example.com'],
      certificateAuthorities: ['ca.org1.example.com'],
    },
  },
  peers: {
    'peer0.org1.example.com': {
      url: 'grpcs://localhost:7051',
      tlsCACerts: { pem: root },
      grpcOptions: {
        'ssl-target-name-override': 'peer0.org1.example.com',
        hostnameOverride: 'peer0.org1.example.com',
      },
    },
    'peer1.org1.example.com': { url: 'grpc://127.0.0.1:8051' },
  },
  certificateAuthorities: {
    'ca.org1.example.com': {
      url: 'https://localhost:7054',
      caName: 'ca-org1',
      tlsCACerts: { pem: [authorityRoot] },
      httpOptions: { verify: false },
    },
  },
};

/** As nano-bash writes `connection-org2.yaml`. */
const yaml = `---
name: test-network-org2
client:
  organization: Org2
organizations:
  Org2:
    mspid: Org2MSP
    peers:
    - peer0.org2.example.com
peers:
  peer0.org2.example.com:
    url: grpcs://127.0.0.1:7055
    tlsCACerts:
      pem: |
          ${root.trim().split('\n').join('\n          ')}

    grpcOptions:
      ssl-target-name-override: localhost
`;

const write = (path: string, content: string): string => {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
};
const of = (number: number): string => join(organizations, `org${number.toString()}.example.com`);
const market = { channel: 'mychannel', chaincode: 'veritrain' };
const read = (number: number, more: object = {}): ReturnType<typeof readFabricOrganization> =>
  readFabricOrganization({
    fabric: folder,
    organization: `org${number.toString()}.example.com`,
    ...market,
    ...more,
  });

beforeAll(() => {
  write(join(of(1), 'connection-org1.json'), JSON.stringify(profile));
  write(join(of(1), 'connection-org1.yaml'), 'never: read');
  write(join(of(2), 'connection-org2.yaml'), yaml);
  write(join(of(3), 'peers', 'peer0.org3.example.com', 'tls', 'ca.crt'), root);
  mkdirSync(join(of(4), 'peers', 'peer0.org4.example.com', 'msp'), { recursive: true });
  mkdirSync(join(of(5), 'peers'), { recursive: true });
});

describe('an organisation of a Fabric network', () => {
  it('is read from its connection profile', () => {
    expect(read(1)).toEqual({
      connection: {
        gateway: 'localhost:7051',
        ...market,
        organizations: folder,
        ca: 'https://localhost:7054',
      },
      organization: 'org1.example.com',
      mspId: 'FirstMSP',
      tls: { rootCertificatePem: root, serverName: 'peer0.org1.example.com' },
      certificateAuthority: { url: 'https://localhost:7054', name: 'ca-org1', tlsRootPem: authorityRoot },
    });
    expect(read(2)).toEqual({
      connection: { gateway: '127.0.0.1:7055', ...market, organizations: folder },
      organization: 'org2.example.com',
      mspId: 'Org2MSP',
      tls: { rootCertificatePem: root, serverName: 'localhost' },
    });
  });

  it('has the peer that is wanted, and the address that is given', () => {
    const other = read(1, { peer: 'peer1.org1.example.com' });
    expect(other.connection.gateway).toBe('127.0.0.1:8051');
    expect(other).not.toHaveProperty('tls');
    expect(read(2, { gateway: 'localhost:9051' })).toMatchObject({
      connection: { gateway: 'localhost:9051' },
      tls: { serverName: 'localhost' },
    });
  });

  it('is read from a profile alone, and its roots from files beside it', () => {
    write(join(folder, 'tls.pem'), root);
    const peers = { 'peer0.org1.example.com': { url: 'grpcs://x:1', tlsCACerts: { path: 'tls.pem' } } };
    const path = write(
      join(folder, 'alone.json'),
      JSON.stringify({
        ...profile,
        organizations: { Org1: { mspid: 'Org1MSP', peers: Object.keys(peers) } },
        peers,
      }),
    );
    expect(readFabricOrganization({ fabric: path, ...market })).toEqual({
      connection: { gateway: 'x:1', ...market },
      mspId: 'Org1MSP',
      tls: { rootCertificatePem: root },
    });
  });

  it('is read from the folders of its peers where there is no profile', () => {
    expect(read(3, { gateway: '127.0.0.1:7051' })).toEqual({
      connection: { gateway: '127.0.0.1:7051', ...market, organizations: folder },
      organization: 'org3.example.com',
      tls: { rootCertificatePem: root, serverName: 'peer0.org3.example.com' },
    });
    expect(read(3, { gateway: 'peer0.org3.example.com:7051' }).tls?.serverName).toBeUndefined();
    expect(read(4, { gateway: '127.0.0.1:7051' })).not.toHaveProperty('tls');
  });
});

describe('an organisation that nobody named', () => {
  it('is the only one that there is, and else none', () => {
    const lone = join(folder, 'lone');
    write(
      join(lone, 'peerOrganizations', 'org1.example.com', 'connection-org1.json'),
      JSON.stringify(profile),
    );
    const { organization, mspId } = readFabricOrganization({ fabric: lone, ...market });
    expect({ organization, mspId }).toEqual({ organization: 'org1.example.com', mspId: 'FirstMSP' });
    expect(onlyDomain(folder)).toBeUndefined();
    expect(onlyDomain(lone, 'org2.example.com')).toBe('org2.example.com');
    expect(onlyDomain(join(folder, 'none'))).toBeUndefined();
  });

  it('is the one whose MSP id is known', () => {
    expect(domainOf(folder, 'Org2MSP')).toBe('org2.example.com');
    expect(domainOf(folder, 'FirstMSP')).toBeUndefined();
    expect(domainOf(undefined, 'Org2MSP')).toBeUndefined();
  });
});

describe('a Fabric network that is not as expected', () => {
  it('is told what there is', () => {
    const known = 'there are org1.example.com, org2.example.com';
    expect(() => readFabricOrganization({ fabric: folder, ...market })).toThrow(
      `VT9001 WRONG_ARGUMENT: Choose an organisation with --organization; ${known}`,
    );
    expect(() => read(9)).toThrow(
      `VT9104 IDENTITY_MISSING: There is no organisation org9.example.com; ${known}`,
    );
    expect(() => read(1, { peer: 'peer7.org1.example.com' })).toThrow(
      'VT9001 WRONG_ARGUMENT: There is no peer peer7.org1.example.com; there are peer0.org1.example.com, peer1.org1.example.com. Did you mean',
    );
    expect(() => read(3, { gateway: 'x:1', peer: 'peer0.org1.example.com' })).toThrow(
      'There is no peer peer0.org1.example.com; there are peer0.org3.example.com.',
    );
    expect(() => read(5, { gateway: 'x:1' })).toThrow('The organisation has no peer.');
    expect(() => read(3)).toThrow(/org3.example.com holds no connection profile/);
    expect(() => readFabricOrganization({ fabric: join(folder, 'none'), ...market })).toThrow('VT9003');
  });

  const broken: [what: string, file: string, content: string, said: string][] = [
    ['no JSON', 'a.json', 'name: x', 'is not JSON'],
    ['no YAML', 'a.yaml', 'name: [x', 'is not YAML'],
    ['another file', 'b.yml', 'name: x', 'has the wrong form'],
    ['no address', 'c.json', profileWith({ peer0: { url: 'localhost' } }), 'has the wrong form'],
    ['an unknown peer', 'd.json', profileWith({}), 'names the peer peer0 and does not describe it'],
    [
      'TLS without a root',
      'e.json',
      profileWith({ peer0: { url: 'grpcs://x:1' } }),
      'gives no TLS root for the peer peer0',
    ],
    [
      'an unknown client',
      'f.json',
      JSON.stringify({ ...profile, client: { organization: 'Org7' } }),
      'names the organisation Org7 and',
    ],
    ...['__proto__', 'constructor', 'toString'].flatMap((name): [string, string, string, string][] => [
      [
        `an organisation called ${name}`,
        `organization-${name}.json`,
        JSON.stringify({ ...profile, client: { organization: name } }),
        `names the organisation ${name} and does not describe it`,
      ],
      [
        `a peer called ${name}`,
        `peer-${name}.json`,
        JSON.stringify({ ...profile, organizations: { Org1: { mspid: 'Org1MSP', peers: [name] } } }),
        `names the peer ${name} and does not describe it`,
      ],
      [
        `an authority called ${name}`,
        `authority-${name}.json`,
        JSON.stringify({
          ...profile,
          organizations: { Org1: { ...profile.organizations.Org1, certificateAuthorities: [name] } },
        }),
        `names the certificate authority ${name} and does not describe it`,
      ],
    ]),
  ];

  it.each(['pipe', 'folder'])(
    'attack 39: refuses a %s as the file of a TLS root, and does not wait',
    (name) => {
      const at = join(folder, `root-${name}`);
      if (name === 'pipe') execFileSync('mkfifo', [at]);
      else mkdirSync(at);
      const peers = { peer0: { url: 'grpcs://x:1', tlsCACerts: { path: at } } };
      const fabric = write(join(folder, `root-${name}.json`), profileWith(peers));
      expect(() => readFabricOrganization({ fabric, ...market })).toThrow(
        expect.objectContaining({
          code: name === 'pipe' ? 'VT9260' : 'VT9003',
          facts: { path: at },
        }) as Error,
      );
    },
  );

  const bombs: [what: string, content: string][] = [
    ['brackets', '['.repeat(100_000)],
    ['braces', `a: ${'{'.repeat(100_000)}`],
    ['lists on one line', '- '.repeat(60_000)],
    ['keys on one line', '? '.repeat(60_000)],
    [
      'aliases',
      `a: &a [x]\n${'bcdefgh'.replace(/./g, (to) => `${to}: &${to} [${`*${before(to)},`.repeat(50)}]\n`)}`,
    ],
  ];
  it.each(bombs)(
    'refuses YAML that is nested in %s, before the parser runs out of stack or memory',
    (_what, text) => {
      const fabric = write(join(folder, 'bomb.yaml'), text);
      expect(() => readFabricOrganization({ fabric, ...market })).toThrow(coded('VT9004'));
      write(fabric, text.padEnd(200_000, '#'));
      expect(() => readFabricOrganization({ fabric, ...market })).toThrow(coded('VT9261'));
    },
  );

  it.each(broken)('refuses a profile with %s', (_what, file, content, said) => {
    const fabric = write(join(folder, file), content);
    expect(() => readFabricOrganization({ fabric, ...market })).toThrow(
      expect.objectContaining({
        code: 'VT9004',
        reason: expect.stringContaining(said) as string,
        facts: expect.objectContaining({ path: fabric }) as object,
      }),
    );
  });
});

const before = (letter: string): string => String.fromCharCode(letter.charCodeAt(0) - 1);
const coded = (code: string): Error => expect.objectContaining({ code }) as Error;

function profileWith(peers: object): string {
  return JSON.stringify({
    ...profile,
    organizations: { Org1: { mspid: 'Org1MSP', peers: ['peer0'] } },
    peers,
  });
}
