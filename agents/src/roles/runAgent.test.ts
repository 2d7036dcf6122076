import type { Role } from '@veritrain/client-sdk';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../../../test/support/folder.js';
import { roleContext } from '../testing/roleContext.js';
import { runAgent } from './runAgent.js';

const folder = testFolder('run-agent');

/** Runs the agent of a member with these roles, told to stop before it begins. @returns the codes that it logged */
async function logged(...roles: Role[]): Promise<unknown[]> {
  const participant = { participantId: 'pt_member', roles };
  const nothing = { list: () => Promise.resolve({ items: [], bookmark: '' }) };
  const { member, logger, lines } = roleContext({
    folder: folder(),
    ledger: {
      profile: { name: 'member' },
      evaluate: () => Promise.resolve({ participant }),
      config: { get: () => Promise.resolve({ settings: { tickPeriodMs: 1_000 } }) },
      events: { watch: () => [] },
      datasets: nothing,
      couples: nothing,
    },
  });
  await runAgent(member, { approval: 'manual', logger, signal: AbortSignal.abort() });
  return lines.flatMap(({ code }) => (code === undefined ? [] : [code]));
}

describe('the agent of a member', () => {
  it('is refused where none of the roles has an agent', async () => {
    await expect(logged('validator', 'issuer')).rejects.toMatchObject({
      code: 'VT9212',
      facts: { roles: 'validator issuer' },
    });
  });

  it('says which of several roles it does not serve', async () => {
    expect(await logged('dataOwner', 'validator')).toContain('VT9212');
    expect(await logged('dataOwner')).not.toContain('VT9212');
  });
});
