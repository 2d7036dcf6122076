import type { Command } from 'commander';
import { z } from 'zod';
import { shortDigest } from '@veritrain/member/text';
import { fields } from './text.js';
import { verb } from './verb.js';

/** `veritrain whoami` */
export function whoamiCommand(): Command {
  return verb({
    name: 'whoami',
    summary: 'this profile’s identity, as the ledger sees it',
    examples: ['veritrain whoami', 'veritrain whoami --profile hospital --format json'],
    input: z.strictObject({}),
    run: async (_input, session) => {
      const { ask } = await import('@veritrain/member/calls');
      const member = await session.member();
      const who = await ask(member, 'WhoAmI', {}, session.context);
      const { profile, place } = member.market;
      const data = { profile: profile.name, gateway: profile.gateway.address, ...place, ...who };
      const text = fields([
        ['Profile', profile.name],
        ['Market', `${place.channel}, chaincode ${place.chaincode}, at ${profile.gateway.address}`],
        ['Organisation', `${who.mspId}${who.administrator ? ', administrator' : ''}`],
        ['Identity', shortDigest(who.identity)],
        ['Participant', who.participant?.participantId ?? 'not registered yet'],
        ['Roles', who.participant?.roles.join(', ')],
      ]);
      const next = 'veritrain participant register --role dataOwner|cloudOwner|modelOwner';
      return { data, text, ...(who.participant === null ? { next } : {}) };
    },
  });
}
