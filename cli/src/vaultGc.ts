import type { OwnObject } from '@veritrain/client-sdk/vault';
import { memberError } from '@veritrain/member/errors';
import { bytesText } from '@veritrain/member/text';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Answer } from './output.js';
import type { Session } from './session.js';
import { fields, table } from './text.js';
import { durationMs } from './values.js';
import { verb } from './verb.js';

/** `veritrain vault gc` */
export function gc(): Command {
  return verb({
    name: 'gc',
    summary: "show and free objects that are over in this profile's place of the vault",
    details: [
      'Only objects that a record of the ledger releases are freed: those of ended couples and past attempts, packages and templates of withdrawn datasets, packages of hosts whose subset has no slot left. Objects that the ledger does not know are kept.',
      'Objects that the ledger still needs are never freed: packages of hosts that hold a slot or may take one, templates and programs, and the model, the homomorphic key and the updates of the current attempt of a couple.',
      'Objects younger than an hour are always kept: a step uploads its object first, and the ledger refers to it only when the transaction is in a block. Repeated transactions and clocks that differ can make that more than half an hour.',
      'Without --free nothing is deleted. An agent that runs does the same every hour.',
    ],
    options: [
      ['--free', 'delete the objects that are over'],
      ['--older-than <time>', 'leave younger objects alone, 1h at least (default 1h)'],
    ],
    asks: true,
    examples: ['veritrain vault gc', 'veritrain vault gc --free --yes --older-than 1d'],
    input: z.strictObject({
      free: z.boolean().default(false),
      olderThan: durationMs.optional(),
    }),
    run: collectGarbage,
  });
}

/** Shows the objects in the member's place, and deletes those that are over once the user agrees. */
export async function collectGarbage(
  { free, olderThan }: { free: boolean; olderThan?: number | undefined },
  session: Pick<Session, 'member' | 'context' | 'confirm'>,
): Promise<Answer> {
  const { vaultContents, freeObjects, graceMs } = await import('@veritrain/member/vault');
  const youngerThanMs = olderThan ?? graceMs;
  if (youngerThanMs < graceMs)
    throw memberError(
      'VT9001',
      '--older-than: must be 1h or more, since a step that is under way may need younger objects.',
      { facts: { argument: '--older-than' } },
    );
  const member = await session.member();
  const contents = await vaultContents(member, { youngerThanMs }, session.context);
  const { needed, young, garbage, unknown } = contents;
  if (free && garbage.length > 0)
    await session.confirm([`${describe(garbage)} that nobody needs any more.`], 'Delete them?');
  const freed = free ? await freeObjects(member, garbage, session.context) : [];
  const data = {
    needed: sums(needed),
    young: sums(young),
    unknown: sums(unknown),
    garbage: sums(garbage),
    freed: free,
    objects: garbage.map(({ handle, sizeBytes, modifiedAt }) => ({ handle, sizeBytes, modifiedAt })),
  };
  const text = [
    fields([
      ['Needed', describe(needed)],
      ['Too young to tell', describe(young)],
      ['Not known to the ledger', describe(unknown)],
      free ? ['Freed', describe(freed)] : ['Over', describe(garbage)],
    ]),
    '',
    table(['handle', 'size', 'since'], garbage.map(row), 'There is nothing to free.'),
  ].join('\n');
  return { data, text, ...(free || garbage.length === 0 ? {} : { next: 'veritrain vault gc --free' }) };
}

const bytesOf = (objects: readonly OwnObject[]): number =>
  objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

const sums = (objects: readonly OwnObject[]): { objects: number; bytes: number } => ({
  objects: objects.length,
  bytes: bytesOf(objects),
});

const describe = (objects: readonly OwnObject[]): string =>
  `${objects.length} ${objects.length === 1 ? 'object' : 'objects'}, ${bytesText(bytesOf(objects))}`;

const row = ({ handle, sizeBytes, modifiedAt }: OwnObject): string[] => [
  `…${handle.slice(-12)}`,
  bytesText(sizeBytes),
  new Date(modifiedAt).toISOString().slice(0, 19),
];
