import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { inMemoryKeyring, participantIdOf } from '@veritrain/client-sdk/keys';
import { digestOf } from '@veritrain/client-sdk/vault';
import { encodePackage, openPackage, parseTable, splitTable } from '@veritrain/training';
import { expect, it } from 'vitest';
import { testFolder } from '../../../test/support/folder.js';
import { encodeInvite } from '../datasets/invite.js';
import { writeAtomically } from '../home/ownFiles.js';
import { memberContext } from '../testing/memberContext.js';
import { openInstancePackage } from './instancePackage.js';

const folder = testFolder('instance');
const instanceId = 'ci_sample_0_0';
const owner = inMemoryKeyring('owner');

const rows = Array.from({ length: 10_000 }, (_, row) => `${row},${(row * 7) % 11}`).join('\n');
const { shards, template } = splitTable(parseTable(`target,x\n${rows}`), {
  subsets: 2,
  seed: Buffer.from('s'),
});
const content = encodePackage({ template, shard: shards[0]!, shardSecret: new Uint8Array(32) });

/** A host that joined, and whose package the vault has too. */
async function joined() {
  const { member } = memberContext({ folder: folder() });
  const { keyring, vault } = member.market;
  const sealed = await owner.sealObject([keyring.encryptionKey], content);
  const { handle } = await vault.put(sealed);
  const invite = encodeInvite({
    ...{ schemaVersion: 2, instanceId, generation: 1, participantId: participantIdOf(keyring), expiresAt: 1 },
    ...{ token: 'a'.repeat(86), packageDigest: digestOf(content), packageHandle: handle },
  });
  const paths = member.home.instance(instanceId);
  writeAtomically(paths.invitePath, await owner.seal(keyring.encryptionKey, invite));
  writeAtomically(paths.packagePath, sealed);
  return { member, vault, handle, sealed, path: paths.packagePath };
}

const spoilt: [string, (path: string, sealed: Uint8Array) => void][] = [
  ['lost', (path) => rmSync(path)],
  ['cut short', (path, sealed) => writeFileSync(path, sealed.subarray(0, 70_000))],
  ['longer than it was', (path, sealed) => writeFileSync(path, Buffer.concat([sealed, Buffer.alloc(5)]))],
  [
    'changed by a byte',
    (path, sealed) =>
      writeFileSync(
        path,
        sealed.map((byte, at) => (at === 70_000 ? byte ^ 1 : byte)),
      ),
  ],
];

it('reads the sealed file', async () => {
  const { member } = await joined();
  expect(await openInstancePackage(member, instanceId)).toEqual(openPackage(content));
});

it.each(spoilt)(
  'fetches a package again that was %s, and refuses where the vault has none',
  async (_how, spoil) => {
    const { member, vault, handle, sealed, path } = await joined();
    spoil(path, sealed);
    expect(await openInstancePackage(member, instanceId)).toEqual(openPackage(content));
    expect(readFileSync(path).equals(sealed)).toBe(true);
    spoil(path, sealed);
    await vault.delete(handle);
    await expect(openInstancePackage(member, instanceId)).rejects.toThrow(/VT9203|VT9205/);
    await vault.put(await owner.sealObject([member.market.keyring.encryptionKey], content.subarray(1)), {
      handle,
    });
    await expect(openInstancePackage(member, instanceId)).rejects.toThrow(/VT9203|VT9205/);
    expect(existsSync(`${path}.next`)).toBe(false);
  },
);
