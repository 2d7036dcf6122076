import type { OwnObject } from '@veritrain/client-sdk';
import type { Command } from 'commander';
import { z } from 'zod';
import { bytes, fields, table } from './text.js';
import { durationMs } from './values.js';
import { verb } from './verb.js';

const hourMs = 3_600_000;

/** `veritrain vault gc` */
export function gc(): Command {
  return verb({
    name: 'gc',
    summary: "show and free what nobody refers to in this profile's place of the vault",
    details: [
      'What the ledger still needs is never freed: packages of hosts that hold a slot or may take one, templates and programs, and of couples that have not ended the model, the homomorphic key and the updates of the current attempt.',
      'Without --free nothing is deleted. An agent that runs does the same every hour.',
    ],
    options: [
      ['--free', 'delete what nobody refers to'],
      [
        '--older-than <time>',
        'leave younger objects alone: a step may be under way (default 1h; less than some minutes only while no agent runs)',
      ],
    ],
    asks: true,
    examples: ['veritrain vault gc', 'veritrain vault gc --free --yes --older-than 1d'],
    input: z.strictObject({
      free: z.boolean().default(false),
      olderThan: durationMs.default(hourMs),
    }),
    run: async ({ free, olderThan }, session) => {
      const { vaultContents, freeObjects } = await import('../actions/vaultGc.js');
      const member = await session.member();
      const contents = await vaultContents(member, { youngerThanMs: olderThan }, session.context);
      const { needed, young, garbage } = contents;
      if (free && garbage.length > 0) {
        await session.confirm([`${describe(garbage)} of which nobody knows any more.`], 'Delete them?');
        await freeObjects(member, garbage, session.context);
      }
      const data = {
        needed: sums(needed),
        young: sums(young),
        garbage: sums(garbage),
        freed: free,
        objects: garbage,
      };
      const text = [
        fields([
          ['Needed', describe(needed)],
          ['Too young to tell', describe(young)],
          [free ? 'Freed' : 'Nobody refers to', describe(garbage)],
        ]),
        '',
        table(['handle', 'size', 'since'], garbage.map(row), 'There is nothing to free.'),
      ].join('\n');
      return { data, text, ...(free || garbage.length === 0 ? {} : { next: 'veritrain vault gc --free' }) };
    },
  });
}

const bytesOf = (objects: readonly OwnObject[]): number =>
  objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

const sums = (objects: readonly OwnObject[]): { objects: number; bytes: number } => ({
  objects: objects.length,
  bytes: bytesOf(objects),
});

const describe = (objects: readonly OwnObject[]): string =>
  `${objects.length} ${objects.length === 1 ? 'object' : 'objects'}, ${bytes(bytesOf(objects))}`;

const row = ({ handle, sizeBytes, modifiedAt }: OwnObject): string[] => [
  `…${handle.slice(-12)}`,
  bytes(sizeBytes),
  new Date(modifiedAt).toISOString().slice(0, 19),
];
