import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedLedger } from '@veritrain/local';
import { envelopeSchema, exitStatus } from '@veritrain/cli';
import type { MarketEndpoint } from '@veritrain/member/enrolment';
import { loadProfile } from '@veritrain/client-sdk';
import type { LedgerIdentity } from '@veritrain/client-sdk/fabric';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callVeritrain } from '../cli/support/veritrain.js';
import { describeFabric } from '../support/fabric.js';
import { fabricLedger, type StartLedger, type StoryLedger } from '../support/storyLedger.js';
import { StoryMarket } from '../support/storyMarket.js';
import { certify, impostorOf, issuerAmong, type Issuer } from './support/certificates.js';
import { failedAmong, faultsLike } from './support/doctor.js';

const minuteMs = 60_000;
const organization = 'org1.example.com';

const embeddedOverTls: StartLedger<StoryLedger> = (data) =>
  startEmbeddedLedger({ data, organizations: 3, endorse: 'majority', tls: true });

/** What is wrong, and where it is noticed. */
interface Fault {
  readonly identity?: LedgerIdentity;
  readonly endpoint?: MarketEndpoint;
  readonly clockMs?: number;
}

function findsFaults(startLedger: StartLedger<StoryLedger>, issuerIn: (ledger: string) => Issuer): void {
  let market: StoryMarket<StoryLedger>;
  let sound: LedgerIdentity;
  let issuer: Issuer;
  let shiftClock: string;
  const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * minuteMs);

  beforeAll(async () => {
    market = await StoryMarket.start({ ledger: startLedger });
    issuer = issuerIn(join(market.folder, 'ledger'));
    const { profile } = await market.enrol('willow');
    sound = loadProfile(join(profile, 'profile.json'));
    shiftClock = join(market.folder, 'shiftClock.mjs');
    writeFileSync(
      shiftClock,
      `const by = Number(process.env.CLOCK_OFF_MS);
const Real = Date;
globalThis.Date = class Date extends Real {
  constructor(...given) { super(...(given.length === 0 ? [Real.now() + by] : given)); }
  static now() { return Real.now() + by; }
};`,
    );
  });
  afterAll(() => market?.stop());

  /** Calls a verb as somebody with this fault would. */
  async function call(name: string, verb: string, { identity = sound, endpoint, clockMs = 0 }: Fault) {
    const { profile } = await market.open(name, {
      endpoint: endpoint ?? market.endpointOf(organization),
      credentials: identity,
    });
    const called = await callVeritrain([verb, '--profile', profile, '--format', 'json'], {
      folder: market.folder,
      home: join(market.folder, 'home'),
      ...(clockMs === 0 ? {} : { node: ['--import', shiftClock], env: { CLOCK_OFF_MS: clockMs.toString() } }),
    });
    return { status: called.status, envelope: envelopeSchema.parse(JSON.parse(called.stdout)) };
  }

  const otherRoot = (): MarketEndpoint => {
    const endpoint = market.endpointOf(organization);
    const folder = join(
      endpoint.connection.organizations!,
      'peerOrganizations/org2.example.com/msp/tlscacerts',
    );
    const rootCertificatePem = readFileSync(join(folder, readdirSync(folder)[0]!), 'utf8');
    return { ...endpoint, tls: { ...endpoint.tls, rootCertificatePem } };
  };
  const elsewhere = (): MarketEndpoint => {
    const endpoint = market.endpointOf(organization);
    return { ...endpoint, connection: { ...endpoint.connection, gateway: 'localhost:9' } };
  };

  const faults: [
    what: string,
    expected: { code: string; said: RegExp; check: string; found?: RegExp; fix: RegExp },
    fault: () => Fault | Promise<Fault>,
  ][] = [
    [
      'an expired certificate',
      {
        code: 'VT8120',
        said: /The certificate of this identity has expired/,
        check: 'identity',
        found: /the certificate ended on/,
        fix: /Enrol again/,
      },
      async () => ({ identity: await certify(issuer, sound, inMinutes(-1)) }),
    ],
    [
      'a certificate of a wrong CA',
      {
        code: 'VT8103',
        said: /No organisation of the channel has certified/,
        check: 'peer',
        fix: /certificate is of its CA/,
      },
      async () => ({ identity: await certify(await impostorOf(issuer), sound, inMinutes(60)) }),
    ],
    [
      'a clock 20 minutes ahead',
      {
        code: 'VT8121',
        said: /clock is 20 minutes ahead of the peer’s/,
        check: 'peer',
        fix: /Set the clock of this machine right/,
      },
      () => ({ clockMs: 20 * minuteMs }),
    ],
    [
      'a clock 20 minutes behind',
      {
        code: 'VT8121',
        said: /clock is 20 minutes behind the peer’s/,
        check: 'identity',
        found: /the certificate is not valid yet/,
        fix: /Set the clock of this machine right/,
      },
      () => ({ clockMs: -20 * minuteMs }),
    ],
    [
      'a gateway that is down',
      {
        code: 'VT8101',
        said: /No connection to localhost:9/,
        check: 'peer',
        fix: /Check the gateway address/,
      },
      () => ({ endpoint: elsewhere() }),
    ],
    [
      'a wrong TLS root',
      {
        code: 'VT8123',
        said: /is not who the profile says/,
        check: 'peer',
        fix: /TLS root in the profile/,
      },
      () => ({ endpoint: otherRoot() }),
    ],
  ];

  it('finds nothing where nothing is wrong', async () => {
    const healthy = { status: exitStatus.done, envelope: { outcome: 'done' } };
    expect(await call('well', 'doctor', {})).toMatchObject(healthy);
    // A certificate that is made here is as good as the CA's own, but for what is wrong with it below.
    const identity = await certify(issuer, sound, inMinutes(60));
    expect(await call('made', 'doctor', { identity })).toMatchObject(healthy);
  });

  it.each(faults)('finds %s, and names the fix', async (what, expected, fault) => {
    const { code, said, check, found = said, fix } = expected;
    const made = await fault();
    const name = what.replaceAll(/[^a-z0-9]+/g, '-');
    const message = expect.stringMatching(said) as string;
    expect(await call(`${name}-1`, 'whoami', made)).toMatchObject({
      status: exitStatus.connection,
      envelope: { error: { code, message } },
    });
    const { status, envelope } = await call(`${name}-2`, 'doctor', made);
    expect({ status, code: envelope.outcome === 'failed' && envelope.error.code }).toEqual({
      status: exitStatus.connection,
      code: 'VT9105',
    });
    expect(failedAmong(envelope.data)).toEqual(faultsLike([[check, found, fix]]));
  });
}

describeFabric('doctor on Fabric', () =>
  findsFaults(fabricLedger(), (ledger) => {
    const authority = join(ledger, 'authorities', 'ca-org1');
    return issuerAmong(join(authority, 'ca-cert.pem'), join(authority, 'msp', 'keystore'));
  }),
);

describe('doctor on the embedded ledger', () =>
  findsFaults(embeddedOverTls, (ledger) => {
    const ca = join(ledger, 'organizations', 'peerOrganizations', organization, 'ca');
    return issuerAmong(join(ca, `ca.${organization}-cert.pem`), ca);
  }));
