import type { Command } from 'commander';
import { z } from 'zod';
import { fields, table } from './text.js';
import { count, durationMs, participantOrName } from './values.js';
import { verb } from './verb.js';

const weekMs = 7 * 86_400_000;
const minValidMs = 15 * 60_000;

/** `veritrain vault init` */
export function init(): Command {
  return verb({
    name: 'init',
    summary: "make the market's bucket on any S3 and grant each participant a place in it",
    details: [
      'For the operator of the vault. VERITRAIN_S3_ENDPOINT, VERITRAIN_S3_BUCKET, VERITRAIN_S3_ACCESS_KEY and the others name the server and the credentials, which must be allowed to make buckets and to give access (AssumeRole).',
      'Each participant gets <id>.grant, sealed to it and signed with the keys of this profile, and <id>.policy.json with its permissions: everything in its own place, reading objects for it, no list of other places. Credentials expire: call it again for new ones, and for new members.',
      'market.key in the folder names the places and encrypts the objects for all members: keep it, and keep it from the server.',
    ],
    options: [
      ['--grants <folder>', 'where to write them'],
      ['--participant <participant...>', 'for these alone, by id or name (default: all of the market)'],
      ['--valid <time>', 'how long the credentials hold, from 15m (default 7d)'],
      ['--expire-after <days>', 'when the server deletes models and updates of rounds (default 30)'],
      ['--role-arn <arn>', 'the role to hand out, where the server has roles (AWS)'],
    ],
    examples: [
      'veritrain vault init --grants grants',
      'veritrain vault init --grants grants --participant alder --valid 30d',
    ],
    input: z.strictObject({
      grants: z.string().min(1),
      participant: z.array(participantOrName).optional(),
      valid: durationMs
        .refine((ms) => ms >= minValidMs, 'must be 15m or longer: servers give nothing shorter')
        .default(weekMs),
      expireAfter: count(1, 3650).default(30),
      roleArn: z.string().min(1).optional(),
    }),
    run: async ({ grants: folder, participant, valid, expireAfter, roleArn }, session) => {
      const { s3OptionsFromEnvironment } = await import('@veritrain/client-sdk/s3');
      const { vaultInit } = await import('@veritrain/member/vault');
      const s3 = s3OptionsFromEnvironment();
      const member = await session.member();
      const input = {
        s3,
        folder,
        validMs: valid,
        expireBriefDays: expireAfter,
        roleArn,
        stsEndpoint: process.env.VERITRAIN_S3_STS_ENDPOINT,
        participantIds: participant && (await Promise.all(participant.map((of) => session.idOf(of)))),
      };
      const { isNew, operatorId, hasAccounts, grants } = await vaultInit(member, input, session.context);
      const text = [
        fields([
          ['Bucket', `${s3.bucket} at ${s3.endpoint}, ${isNew ? 'made' : 'there already'}`],
          ['Operator', `${operatorId}, which signs them: tell the members over another channel`],
          ['Accounts', hasAccounts ? 'one for each member' : 'none: all credentials are of the operator’s'],
          ['Grants', `${folder}/<participant>.grant, each sealed to its participant`],
        ]),
        '',
        table(
          ['participant', 'roles', 'until'],
          grants.map(({ participantId: id, roles, expiresAt }) => [
            session.named(id),
            roles.join(' '),
            new Date(expiresAt).toISOString().slice(0, 16),
          ]),
          'The market has no participants yet: they register first.',
        ),
      ].join('\n');
      return {
        data: { bucket: s3.bucket, isNew, operatorId, hasAccounts, grants },
        text,
        next: 'veritrain vault use <grant>, as each of them',
      };
    },
  });
}
