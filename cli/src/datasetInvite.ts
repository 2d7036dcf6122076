import type { Command } from 'commander';
import { z } from 'zod';
import { fields, table } from './text.js';
import { datasetId, durationMs, instanceId, participantOrName } from './values.js';
import { verb } from './verb.js';

const maxLoanMs = 7 * 86_400_000;

/** `veritrain dataset invite` */
export function invite(): Command {
  return verb({
    name: 'invite',
    summary: 'invite hosts to the open slots: one sealed file for each, to hand over by any channel',
    details: [
      'Every open slot gets a host in turn, and no host gets two slots of one subset; --slot names one slot instead. Each package is sealed to its host and uploaded to the vault. A file is useful to the host that it names, and to nobody else.',
      'Each file names this data owner and the host with their fingerprints. Both should compare them over another channel than the file’s.',
    ],
    arguments: [['<dataset>', 'a dataset that was published here']],
    options: [
      ['--host <participant...>', 'the hosts by id or name, at least as many as there are replicas'],
      ['--slot <instance>', 'this slot only, for one host'],
      ['--out <folder>', 'where the files go (default: invites)'],
      ['--valid <time>', 'how long the invites hold (default 7d)'],
      ['--lend <time>', 'let hosts without a place in the vault fetch it for this long, up to 7d'],
    ],
    examples: [
      'veritrain dataset invite ds_patients --host alder birch cedar',
      'veritrain dataset invite ds_patients --host dogwood --slot ci_patients_0_2 --out late',
    ],
    input: z.strictObject({
      dataset: datasetId,
      host: z.array(participantOrName).min(1),
      slot: instanceId.optional(),
      out: z.string().min(1).default('invites'),
      valid: durationMs.default(7 * 86_400_000),
      lend: durationMs.refine((ms) => ms >= 1000 && ms <= maxLoanMs, 'must be from 1s to 7d').optional(),
    }),
    run: async (given, session) => {
      const { planInvites, inviteHosts } = await import('@veritrain/member/datasets');
      const { writeAtomically } = await import('@veritrain/member/home');
      const member = await session.member();
      const hosts = await Promise.all(given.host.map((host) => session.idOf(host)));
      const assignments = await planInvites(
        member,
        { datasetId: given.dataset, hosts, instanceId: given.slot },
        session.context,
      );
      const expiresAt = Date.now() + given.valid;
      const made = await inviteHosts(
        member,
        { datasetId: given.dataset, assignments, expiresAt, presignMs: given.lend },
        session.context,
      );
      const files = made.map((file) => {
        const path = `${given.out}/${file.host.participantId}.json`;
        writeAtomically(path, `${JSON.stringify(file)}\n`, 0o644);
        return {
          ...file.host,
          path,
          instances: file.invites.map((one) => one.instanceId),
        };
      });
      return {
        data: { datasetId: given.dataset, expiresAt: new Date(expiresAt).toISOString(), files },
        items: files,
        text: [
          table(
            ['host', 'slots'],
            files.map((file) => [session.named(file.participantId), file.instances.join(' ')]),
            'Every slot is held: there is nobody to invite.',
          ),
          fields([
            ['Files', files[0] && `${given.out}/<id of the host>.json`],
            ['Fingerprint', made[0] && `${made[0].dataOwner.fingerprint}, of this data owner`],
          ]),
        ].join('\n'),
        ...(files[0] === undefined ? {} : { next: `veritrain instance join ${given.out}   (as each host)` }),
      };
    },
  });
}
