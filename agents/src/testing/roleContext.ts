import { join } from 'node:path';
import {
  filesystemVault,
  inMemoryKeyring,
  plainHandles,
  type Keyring,
  type Market,
} from '@veritrain/client-sdk';
import type { Drill } from '../roles/drills.js';
import type { RoleContext } from '../roles/role.js';
import { CrashPoints } from '../runtime/crashPoint.js';
import { MemberHome } from '../runtime/memberHome.js';
import { Steps } from '../runtime/steps.js';
import { logLines } from './logLines.js';

export const place = { channel: 'market', chaincode: 'veritrain' };

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
  folder,
  ledger = {},
  keyring = inMemoryKeyring('member'),
  participantId = 'pt_member',
  drill,
}: Scripted): RoleContext & { readonly lines: Record<string, unknown>[] } {
  const { logger, lines } = logLines();
  const vault = filesystemVault(join(folder, 'vault'));
  const market = { place, keyring, vault, handles: plainHandles, ...ledger } as unknown as Market;
  const home = new MemberHome(join(folder, 'home'));
  return {
    member: { home, market, close: () => undefined },
    participantId,
    steps: new Steps(logger, CrashPoints.fromEnvironment(undefined)),
    logger,
    drill,
    lines,
  };
}
