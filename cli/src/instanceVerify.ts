import type { Command } from 'commander';
import { z } from 'zod';
import type { Answer } from './output.js';
import type { Session } from './session.js';
import { shortDigest } from '@veritrain/member/text';
import { fields, table } from './text.js';
import { datasetId, instanceId } from './values.js';
import { verb } from './verb.js';

/** `veritrain instance verify` */
export function verify(): Command {
  return verb({
    name: 'verify',
    summary: "a data owner: have the joined hosts' packages judged; a host: compare with its sisters",
    details: [
      'For a dataset, the contract opens every commitment with the digest of the package that the data owner handed out. For a slot, this host opens the commitments of its subset with its own package; nothing is written.',
    ],
    arguments: [['<of>', 'a dataset of this data owner, or a slot of this host']],
    examples: [
      'veritrain instance verify ds_patients --profile hospital',
      'veritrain instance verify ci_patients_0_2 --profile alder',
    ],
    input: z.strictObject({
      of: z.union([datasetId, instanceId], 'must be a dataset (ds_…) or a slot (ci_…)'),
    }),
    run: ({ of }, session) => (of.startsWith('ds_') ? verifyDataset(of, session) : crossCheck(of, session)),
  });
}

async function verifyDataset(dataset: string, session: Session): Promise<Answer> {
  const { verifyInstances } = await import('@veritrain/member/datasets');
  const member = await session.member();
  const { writes, ...found } = await verifyInstances(member, { datasetId: dataset }, session.context);
  const rows = [
    ...found.judged.map((subset) => [
      subset.subsetIndex,
      `${subset.verified.length} verified`,
      subset.packageDigest === null ? '-' : shortDigest(subset.packageDigest),
    ]),
    ...found.waiting.map((subset) => [
      subset.subsetIndex,
      `${subset.joined} of ${subset.quorum} hosts that it takes`,
      '-',
    ]),
  ];
  return {
    data: { datasetId: dataset, ...found },
    text: [
      table(['subset', 'hosts', 'package'], rows, 'No host waits to be verified.'),
      fields([['Ready', found.ready ? 'yes: requests are open' : 'not yet']]),
    ].join('\n'),
    writes,
  };
}

async function crossCheck(instance: string, session: Session): Promise<Answer> {
  const { openInstancePackage } = await import('@veritrain/member/instances');
  const member = await session.member();
  const { digest: packageDigest } = await openInstancePackage(member, instance);
  const found = await member.market.instances.crossCheck(
    { instanceId: instance, packageDigest },
    session.context,
  );
  const rows = [
    ...found.opened.map((slot) => [
      slot.instanceId,
      session.named(slot.participantId ?? '-'),
      'the same package',
    ]),
    ...found.mismatched.map((slot) => [
      slot.instanceId,
      session.named(slot.participantId ?? '-'),
      'ANOTHER package',
    ]),
    ...found.vacant.map((slot) => [slot.instanceId, '-', 'open']),
  ];
  const enough = found.opened.length >= found.quorum;
  return {
    data: { instanceId: instance, packageDigest, ...found },
    text: [
      fields([['Package', shortDigest(packageDigest)]]),
      table(['instance', 'host', 'holds'], rows, 'No slot.'),
      fields([['Quorum', `${found.opened.length} of ${found.quorum}${enough ? '' : ', not yet'}`]]),
    ].join('\n'),
  };
}
