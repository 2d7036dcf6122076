import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConnection } from './connectionFile.js';
import { readMarketEndpoint } from './marketEndpoint.js';
import { defaultMspId, readMspUser } from './mspUser.js';

const folder = mkdtempSync(join(tmpdir(), 'veritrain-msp-'));
const organizations = join(folder, 'organizations');
const organization = 'org1.example.com';

beforeAll(() => {
  const msp = join(organizations, 'peerOrganizations', organization, 'users', `User1@${organization}`, 'msp');
  for (const [place, content] of [
    ['signcerts/cert.pem', 'certificate'],
    ['keystore/priv_sk', 'key'],
  ] as const) {
    mkdirSync(join(msp, place, '..'), { recursive: true });
    writeFileSync(join(msp, place), content);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('an organisations folder', () => {
  it('gives certificate and key of a user', () => {
    expect(readMspUser({ organizations, organization, user: 'User1' })).toEqual({
      mspId: 'Org1MSP',
      certificatePem: 'certificate',
      privateKeyPem: 'key',
    });
    expect(defaultMspId('hospital-a.example.com')).toBe('Hospital-aMSP');
  });

  it('names what there is where something is not', () => {
    const user = { organizations, organization, user: 'User2' };
    expect(() => readMspUser(user)).toThrow('There is no user User2; there are User1. Did you mean User1?');
    expect(() => readMspUser({ ...user, organization: 'org2.example.com' })).toThrow(
      'There is no organisation org2.example.com; there are org1.example.com. Did you mean org1.example.com?',
    );
    expect(() => readMspUser({ ...user, organizations: join(folder, 'none') })).toThrow('there are none');
  });
});

describe('a connection file', () => {
  const connection = {
    gateway: '127.0.0.1:7051',
    channel: 'market',
    chaincode: 'veritrain',
    organizations: 'organizations',
    tls: { rootCertificate: 'tls.pem', serverName: 'peer0.org1.example.com' },
    registrar: { enrolmentId: 'admin', secretFile: 'ca/registrar.secret' },
  };

  it('is found in its folder, too, and its paths start there', () => {
    writeFileSync(join(folder, 'connection.json'), JSON.stringify(connection));
    for (const reference of [folder, join(folder, 'connection.json')]) {
      expect(readConnection(reference)).toEqual({
        ...connection,
        organizations,
        tls: { rootCertificate: join(folder, 'tls.pem'), serverName: 'peer0.org1.example.com' },
        registrar: { enrolmentId: 'admin', secretFile: join(folder, 'ca/registrar.secret') },
      });
    }
  });

  it('names the root of TLS, by which gateway and CA are known', () => {
    expect(() => readMarketEndpoint(folder)).toThrow('VT9003 FILE_MISSING');
    writeFileSync(join(folder, 'tls.pem'), 'root');
    const connected = { ...connection, ca: 'https://127.0.0.1:7054' };
    writeFileSync(join(folder, 'tls.json'), JSON.stringify(connected));
    expect(readMarketEndpoint(join(folder, 'tls.json'))).toMatchObject({
      tls: { rootCertificatePem: 'root', serverName: connection.tls.serverName },
      certificateAuthority: { url: connected.ca, tlsRootPem: 'root' },
    });
  });

  it('is refused where it is missing, no JSON, or of another form', () => {
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    expect(() => readConnection(join(folder, 'none.json'))).toThrow('VT9003 FILE_MISSING');
    expect(() => readConnection(write('text.json', 'gateway=x'))).toThrow('VT9004 FILE_INVALID');
    expect(() => readConnection(write('other.json', '{"gateway":"x"}'))).toThrow('has the wrong form');
  });
});
