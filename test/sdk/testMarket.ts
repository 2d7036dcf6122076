import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  connectMarket,
  type Market,
  type MarketSettings,
  type Profile,
  type Role,
} from '@veritrain/client-sdk';
import { createKeyring, inMemoryKeyring, participantIdOf } from '@veritrain/client-sdk/keys';
import { type LedgerIdentity, enrol, register } from '@veritrain/client-sdk/enrolment';
import { type Ledger, startLedger } from '@veritrain/embedded-ledger';

export const chaincodeFolder = dirname(
  fileURLToPath(import.meta.resolve('@veritrain/chaincode/package.json')),
);

/** What the SDK needs to know of a ledger. */
export type LedgerAddresses = Pick<
  Ledger,
  'gateway' | 'ca' | 'channel' | 'chaincode' | 'organizations' | 'registrar'
>;

const seedOf = (name: string): string => `test ${name}`;

/** The participant that a member of this name registers as. */
export function idOf(name: string): string {
  const { signingKey, encryptionKey } = inMemoryKeyring(seedOf(name));
  return participantIdOf({ signingKey, encryptionKey });
}

/** Members of one market on one ledger, each with a profile of its own; all of it goes when it is closed. */
export class TestMarket {
  readonly folder = mkdtempSync(join(tmpdir(), 'veritrain-sdk-'));
  /** Of everyone who connected, by name. */
  readonly identities = new Map<string, LedgerIdentity>();
  readonly #open: { close(): void | Promise<void> }[] = [];
  #registrar: LedgerIdentity | undefined;

  constructor(public ledger: LedgerAddresses) {}

  /** Starts a ledger in this process. */
  static async start(): Promise<TestMarket> {
    const folder = mkdtempSync(join(tmpdir(), 'veritrain-sdk-ledger-'));
    const data = join(folder, 'ledger');
    const ledger = await startLedger({
      chaincode: chaincodeFolder,
      data,
      port: 0,
      caPort: 0,
      log: () => undefined,
    });
    const market = new this(ledger);
    market.#open.push({ close: () => rmSync(folder, { recursive: true, force: true }) }, ledger);
    return market;
  }

  get ca(): { url: string; name: string } {
    return { url: this.ledger.ca, name: 'ca-org1' };
  }

  /** The administrator of an organisation, from the folder that the ledger wrote. */
  async administrator(organization = 1): Promise<Market> {
    const name = `org${organization}.example.com`;
    const msp = join(this.ledger.organizations, 'peerOrganizations', name, 'users', `Admin@${name}`, 'msp');
    const only = (folder: string): string => join(msp, folder, readdirSync(join(msp, folder))[0]!);
    return this.connect(`admin-${organization}`, {
      mspId: `Org${organization}MSP`,
      certificatePem: readFileSync(only('signcerts'), 'utf8'),
      privateKeyPem: readFileSync(only('keystore'), 'utf8'),
    });
  }

  /** Has the administrator of each organisation confirm the market's settings. */
  async configure(settings: MarketSettings): Promise<void> {
    for (const index of [1, 2, 3]) await (await this.administrator(index)).config.configure(settings);
  }

  async registrar(): Promise<LedgerIdentity> {
    const { enrolmentId, secretFile } = this.ledger.registrar;
    const secret = readFileSync(secretFile, 'utf8').trim();
    this.#registrar ??= await enrol({ ca: this.ca, mspId: 'Org1MSP', enrolmentId, secret });
    return this.#registrar;
  }

  /** Enrols a member with the organisation's CA and registers it in the market. */
  async join(name: string, roles: Role[]): Promise<Market> {
    const { ca } = this;
    const { enrolmentId, secret } = await register({
      ca,
      registrar: await this.registrar(),
      enrolmentId: name,
    });
    const market = await this.connect(name, await enrol({ ca, mspId: 'Org1MSP', enrolmentId, secret }));
    const { signingKey, encryptionKey } = market.keyring;
    await market.participants.register({ participantId: idOf(name), roles, signingKey, encryptionKey });
    return market;
  }

  profile(name: string, { mspId, certificatePem, privateKeyPem }: LedgerIdentity): Profile {
    const folder = join(this.folder, name);
    return {
      schemaVersion: 1,
      name,
      gateway: { address: this.ledger.gateway },
      channel: this.ledger.channel,
      chaincode: this.ledger.chaincode,
      mspId,
      certificate: { pem: certificatePem },
      privateKey: { pem: privateKeyPem },
      keyring: { path: join(folder, 'keyring.json'), keyFile: join(folder, 'keyring.key') },
      vault: { kind: 'filesystem', path: join(this.folder, 'vault') },
      participantId: idOf(name),
      home: folder,
    };
  }

  async connect(name: string, identity: LedgerIdentity): Promise<Market> {
    const profile = this.profile(name, identity);
    this.identities.set(name, identity);
    const { path, keyFile } = profile.keyring;
    await createKeyring({ path, keyFile: keyFile ?? '' }, seedOf(name));
    const market = await connectMarket({ profile, timing: { connectMs: 30_000 } });
    this.#open.push(market);
    return market;
  }

  async close(): Promise<void> {
    for (const each of this.#open.splice(0).reverse()) await each.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A market quick enough for tests, on a busy machine too. */
export const quickSettings = {
  votingOrganizations: ['Org1MSP', 'Org2MSP', 'Org3MSP'],
  tickPeriodMs: 500,
  windowMs: 250,
  leastDeadlineMs: 10_000,
  mostDeadlineMs: 3_600_000,
  leastReplicas: 1,
  rolesFromAttributes: false,
  companyTagRequired: false,
};

export const quickDeadlines = {
  verifyMs: 60_000,
  noticeMs: 60_000,
  answerMs: 60_000,
  startMs: 60_000,
  commitMs: 60_000,
  uploadMs: 70_000,
  closeMs: 80_000,
  revealMs: 90_000,
  attestMs: 100_000,
};
