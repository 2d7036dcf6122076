import { readdirSync, readFileSync } from 'node:fs';
import {
  digestOf,
  fingerprintOf,
  inMemoryKeyring,
  packageCommitment,
  participantIdOf,
} from '@veritrain/client-sdk';
import { encodePackage, openPackage, parseTable, splitTable } from '@veritrain/training';
import { expect, it } from 'vitest';
import { testFolder } from '../testing/folder.js';
import { place, roleContext } from '../testing/roleContext.js';
import { encodeInvite, inviteFileSchema, type InviteFile } from './invite.js';
import { joinInstances } from './joinInstances.js';

const folder = testFolder('join');
const context = { signal: new AbortController().signal };
const instanceId = 'ci_sample_0_0';
const participantId = participantIdOf(inMemoryKeyring('member'));
const generation = 1;
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
  const ledger: { ownerId: string; held: Held; joined: { commitment: string }[] } = {
    ownerId: participantIdOf(owner),
    held: { participantId: null, commitment: null, generation },
    joined: [],
  };
  const answers: Record<string, () => object> = {
    WhoAmI: () => ({ participant: { participantId } }),
    GetDataset: () => ({ templateDigest, ownerId: ledger.ownerId }),
    GetInstance: () => ledger.held,
  };
  const { member } = roleContext({
    folder: folder(),
    ledger: {
      evaluate: (name: string) => Promise.resolve(answers[name]?.()),
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
): Promise<InviteFile> {
  const { keyring, vault } = member.market;
  const stored = await vault.put(await owner.sealObject([keyring.encryptionKey], content));
  const invite = {
    ...{ schemaVersion: 2 as const, instanceId, generation, participantId, expiresAt: 1 },
    ...{
      token: 'a'.repeat(86),
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
    invites: [{ instanceId, generation, sealed }],
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
