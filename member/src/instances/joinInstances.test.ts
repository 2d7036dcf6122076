import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CallOptions } from '@veritrain/client-sdk';
import { fingerprintOf, inMemoryKeyring, type Keyring, participantIdOf } from '@veritrain/client-sdk/keys';
import { joinTokenMessage, packageCommitment } from '@veritrain/client-sdk/protocol';
import { digestOf } from '@veritrain/client-sdk/vault';
import { encodePackage, openPackage, parseTable, splitTable } from '@veritrain/training';
import { afterEach, describe, expect, it } from 'vitest';
import { testFolder } from '../../../test/support/folder.js';
import { place } from '../../../test/support/scriptedMarket.js';
import { encodeInvite, inviteFileSchema, type InviteFile } from '../datasets/invite.js';
import { memberContext } from '../testing/memberContext.js';
import { joinInstances } from './joinInstances.js';
import { kindOfAddress } from './presignedPackage.js';

const folder = testFolder('join');
const context = { signal: new AbortController().signal };
const instanceId = 'ci_sample_0_0';
const participantId = participantIdOf(inMemoryKeyring('member'));
const generation = 1;
const slot = { datasetId: 'ds_sample', subsetIndex: 0, slot: 0 };
const owner = inMemoryKeyring('owner');

const rows = Array.from({ length: 60 }, (_, row) => `${row},${(row * 7) % 11}`).join('\n');
const { shards, template } = splitTable(parseTable(`target,x\n${rows}`), {
  subsets: 2,
  seed: Buffer.from('s'),
});
const packageWith = (secret: number): Uint8Array =>
  encodePackage({ template, shard: shards[0]!, shardSecret: new Uint8Array(32).fill(secret) });
const { templateDigest } = openPackage(packageWith(1));

const comparable = (id: string): InviteFile['host'] => ({
  participantId: id,
  fingerprint: fingerprintOf(id),
});

interface Held {
  readonly participantId: string | null;
  readonly commitment: string | null;
  readonly generation: number;
}

/** A host, the ledger's word on its slot, and what it sends. */
function host() {
  const ledger: { ownerId: string; rules: object; held: Held; joined: { commitment: string }[] } = {
    ownerId: participantIdOf(owner),
    rules: { subsets: 2, aggregation: 'perSubset' },
    held: { participantId: null, commitment: null, generation },
    joined: [],
  };
  const answers: Record<string, () => object> = {
    WhoAmI: () => ({ participant: { participantId } }),
    GetDataset: () => ({ templateDigest, ownerId: ledger.ownerId, ...ledger.rules }),
    GetParticipant: () => ({ signingKey: owner.signingKey }),
    GetInstance: () => ledger.held,
  };
  const { member } = memberContext({
    folder: folder(),
    ledger: {
      profile: { vault: { kind: 'filesystem' } },
      evaluate: (name: string, _input: object, { trust }: CallOptions) =>
        name === 'WhoAmI' || trust === 'endorsed'
          ? Promise.resolve(answers[name]?.())
          : Promise.reject(new Error('attack 63: one peer was asked')),
      submit: (_name: string, input: { commitment: string }) => {
        ledger.joined.push(input);
        return Promise.resolve({ result: { instanceId }, transactionId: 't', blockNumber: 1n });
      },
    },
  });
  return { member, ledger };
}

async function inviteTo(
  { member }: ReturnType<typeof host>,
  content: Uint8Array,
  packageDigest = digestOf(content),
  packageHandle?: string,
  { signer = owner, lent }: { signer?: Keyring; lent?: string } = {},
): Promise<InviteFile> {
  const { keyring, vault } = member.market;
  const stored = await vault.put(await owner.sealObject([keyring.encryptionKey], content));
  const invite = {
    ...{ schemaVersion: 2 as const, instanceId, generation, participantId, expiresAt: 1 },
    ...{
      token: signer.sign(joinTokenMessage({ ...place, ...slot, generation, participantId, expiresAt: 1 })),
      packageDigest,
      packageHandle: packageHandle ?? stored.handle,
    },
  };
  const sealed = await owner.seal(keyring.encryptionKey, encodeInvite(invite));
  return {
    schemaVersion: 2,
    datasetId: 'ds_sample',
    dataOwner: comparable(participantIdOf(owner)),
    host: comparable(participantId),
    invites: [
      {
        instanceId,
        generation,
        sealed,
        ...(lent === undefined ? {} : { lent: await owner.seal(keyring.encryptionKey, Buffer.from(lent)) }),
      },
    ],
  };
}

it('keeps the package of an open slot, sealed, and commits to it', async () => {
  const joining = host();
  const { member, ledger } = joining;
  await joinInstances(member, await inviteTo(joining, packageWith(1)), context);
  const kept = await member.market.keyring.openObject(
    readFileSync(member.home.instance(instanceId).packagePath),
  );
  expect(Buffer.from(kept).equals(packageWith(1))).toBe(true);
  const nonce = member.market.keyring.packageNonce(instanceId, generation);
  const facts = { ...place, instanceId, generation, participantId, nonce };
  expect(ledger.joined).toMatchObject([{ commitment: packageCommitment(facts, digestOf(packageWith(1))) }]);
});

it('leaves the package of a slot that it holds alone, whatever a second invite brings', async () => {
  const joining = host();
  const { member, ledger } = joining;
  const first = await inviteTo(joining, packageWith(1));
  await joinInstances(member, first, context);
  ledger.held = { participantId, commitment: ledger.joined[0]?.commitment ?? '', generation };
  const kept = readFileSync(member.home.instance(instanceId).packagePath);
  await expect(joinInstances(member, await inviteTo(joining, packageWith(2)), context)).rejects.toThrow(
    'VT9208',
  );
  expect(readFileSync(member.home.instance(instanceId).packagePath).equals(kept)).toBe(true);
  expect(ledger.joined).toHaveLength(1);
  await joinInstances(member, first, context);
  expect(ledger.joined).toHaveLength(2);
});

it('keeps nothing of a package that is another than promised, or was changed on its way', async () => {
  const joining = host();
  const { member, ledger } = joining;
  const invited = await inviteTo(joining, packageWith(1), digestOf(packageWith(2)));
  await expect(joinInstances(member, invited, context)).rejects.toThrow('VT9205');
  const { vault, keyring } = member.market;
  const sealed = await owner.sealObject([keyring.encryptionKey], packageWith(1));
  sealed[sealed.length - 1]! ^= 1;
  const { handle } = await vault.put(sealed);
  const changed = await inviteTo(joining, packageWith(1), digestOf(packageWith(1)), handle);
  await expect(joinInstances(member, changed, context)).rejects.toThrow('VT8401');
  expect(readdirSync(member.home.instance(instanceId).folder)).toEqual([]);
  expect(ledger.joined).toEqual([]);
});

it('keeps no package without masks of a dataset that the ledger says has sums only', async () => {
  const joining = host();
  const { member, ledger } = joining;
  ledger.rules = { subsets: 3, aggregation: 'sum' };
  const invited = await inviteTo(joining, packageWith(1));
  await expect(joinInstances(member, invited, context)).rejects.toThrow('VT9205');
  expect(ledger.joined).toEqual([]);
});

it('attack 56: fetches nothing for an invite that names another data owner than the dataset has', async () => {
  const joining = host();
  const { member, ledger } = joining;
  ledger.ownerId = participantIdOf(inMemoryKeyring('another owner'));
  const invited = await inviteTo(joining, packageWith(1));
  await expect(joinInstances(member, invited, context)).rejects.toThrow('VT9112');
  expect(ledger.joined).toEqual([]);
  const { fingerprint } = comparable(ledger.ownerId);
  const forged = { ...invited, dataOwner: { ...invited.dataOwner, fingerprint } };
  expect(inviteFileSchema.safeParse(invited).success).toBe(true);
  expect(inviteFileSchema.safeParse(forged).success).toBe(false);
});

describe('attack 63: an invite that lends its package from an address', () => {
  const open: { close(): void }[] = [];
  afterEach(() => {
    for (const each of open.splice(0)) each.close();
  });

  async function serve(listener: RequestListener): Promise<{ url: string; host: string; asked: string[] }> {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      listener(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push({
      close: () => {
        server.closeAllConnections();
        server.close();
      },
    });
    const host = `127.0.0.1:${(server.address() as AddressInfo).port.toString()}`;
    return { url: `http://${host}/package`, host, asked };
  }
  const yes = (): Promise<void> => Promise.resolve();

  it('is not called before the token is checked', async () => {
    const joining = host();
    const server = await serve((_request, response) => response.end());
    const file = await inviteTo(joining, packageWith(1), undefined, undefined, {
      signer: inMemoryKeyring('stranger'),
      lent: server.url,
    });
    await expect(joinInstances(joining.member, file, context, yes)).rejects.toThrow('VT9264');
    expect(server.asked).toEqual([]);
  });

  it('is not called without a yes, which is told what it is', async () => {
    const joining = host();
    const server = await serve((_request, response) => response.end());
    const file = await inviteTo(joining, packageWith(1), undefined, undefined, { lent: server.url });
    await expect(joinInstances(joining.member, file, context)).rejects.toThrow('VT9006');
    let shown = '';
    const no = (_host: string, what: string): Promise<void> => {
      shown = what;
      return Promise.reject(new Error('no'));
    };
    await expect(joinInstances(joining.member, file, context, no)).rejects.toThrow('no');
    expect(shown).toContain(`http://${server.host}, a loopback address`);
    expect(server.asked).toEqual([]);
  });

  it('is called after a yes, and sends nobody elsewhere', async () => {
    const joining = host();
    const sealed = await owner.sealObject([joining.member.market.keyring.encryptionKey], packageWith(1));
    const server = await serve((_request, response) => response.end(sealed));
    const elsewhere = await serve((_request, response) =>
      response.writeHead(302, { location: server.url }).end(),
    );
    const redirected = await inviteTo(joining, packageWith(1), undefined, undefined, { lent: elsewhere.url });
    await expect(joinInstances(joining.member, redirected, context, yes)).rejects.toThrow('VT9210');
    expect(server.asked).toEqual([]);
    const file = await inviteTo(joining, packageWith(1), undefined, undefined, { lent: server.url });
    await joinInstances(joining.member, file, context, yes);
    expect(joining.ledger.joined).toHaveLength(1);
  });

  it.each([
    ['127.0.0.1', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.8.0.1', 'loopback'],
    ['0.0.0.0', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['fe80::1', 'link-local'],
    ['10.1.2.3', 'private'],
    ['172.31.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['fd00:ec2::254', 'private'],
    ['172.32.0.1', 'public'],
    ['9.9.9.9', 'public'],
    ['2001:db8::1', 'public'],
  ])('%s is a %s address', (ip, kind) => {
    expect(kindOfAddress(ip)).toContain(`a ${kind} address`);
  });
});
