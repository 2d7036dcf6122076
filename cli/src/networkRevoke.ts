import type { Command } from 'commander';
import { z } from 'zod';
import { folderOption, folderValue } from './values.js';
import { verb } from './verb.js';

const reasons = [
  'unspecified',
  'keycompromise',
  'affiliationchange',
  'superseded',
  'cessationofoperation',
  'privilegewithdrawn',
] as const;

/** `veritrain network revoke` */
export function revokeCommand(): Command {
  return verb({
    name: 'revoke',
    summary: 'revoke a member at its CA and on the channel: every peer refuses it from then on',
    details: [
      'Its certificates are revoked at the Fabric CA of its organisation, whose revocation list then becomes part of the organisation’s definition on the channel. Its earlier transactions stay. A revocation cannot be undone: the member enrols again under a new name, as another member.',
      'The enrolment id stands in the member’s certificate (CN).',
    ],
    options: [
      folderOption,
      ['--organization <domain>', 'the organisation whose CA enrolled the member'],
      ['--enrolment-id <id>', 'the member'],
      ['--reason <reason>', `${reasons.join(', ')} (default unspecified)`],
    ],
    local: true,
    asks: true,
    examples: [
      'veritrain network revoke --organization org3.example.com --enrolment-id m-5b1f0c7e9a3d2e4f6a8b --reason keycompromise',
    ],
    input: z.strictObject({
      data: folderValue,
      organization: z.string().min(1),
      enrolmentId: z.string().min(1),
      reason: z.enum(reasons).optional(),
    }),
    run: async ({ data, ...whom }, session) => {
      const { revoke } = await import('@veritrain/network');
      const { enrolmentId, organization } = whom;
      await session.confirm([`${enrolmentId} of ${organization} is shut out for good.`], 'Revoke it?');
      const revocation = await revoke({
        folder: data,
        ...whom,
        onProgress: (what) => session.output.progress(what),
        signal: session.signal,
      });
      const text = revocation.changed
        ? `Revoked ${enrolmentId} of ${organization}: every peer refuses it.`
        : `${enrolmentId} of ${organization} was revoked already.`;
      return { data: revocation, text };
    },
  });
}
