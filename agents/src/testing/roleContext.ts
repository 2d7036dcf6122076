import { join } from 'node:path';
import type { Keyring } from '@veritrain/client-sdk';
import { MemberHome } from '@veritrain/member/home';
import { scriptedMarket } from '../../../test/support/scriptedMarket.js';
import type { Drill } from '../roles/drills.js';
import type { RoleContext } from '../roles/role.js';
import { CrashPoints } from '../runtime/crashPoint.js';
import { Steps } from '../runtime/steps.js';
import { logLines } from './logLines.js';

interface Scripted {
  /** Holds the member's home, and the market's vault. */
  readonly folder: string;
  /** What the ledger answers to the calls that the test expects; any other fails. */
  readonly ledger?: Readonly<Record<string, unknown>>;
  readonly keyring?: Keyring;
  readonly participantId?: string;
  readonly drill?: Drill;
}

/** A role's surroundings: genuine keyring, vault, files and steps over a ledger that the test scripts. */
export function roleContext({
  participantId = 'pt_member',
  drill,
  ...scripted
}: Scripted): RoleContext & { readonly lines: Record<string, unknown>[] } {
  const { logger, lines } = logLines();
  const home = new MemberHome(join(scripted.folder, 'home'));
  return {
    member: { home, market: scriptedMarket(scripted), close: () => undefined },
    participantId,
    steps: new Steps(logger, CrashPoints.fromEnvironment(undefined)),
    logger,
    drill,
    lines,
  };
}
