import { join } from 'node:path';
import type { Keyring } from '@veritrain/client-sdk/keys';
import { scriptedMarket } from '../../../test/support/scriptedMarket.js';
import type { ActionContext } from '../calls/action.js';
import { MemberHome } from '../home/memberHome.js';
import type { Member } from '../profile/member.js';

interface Scripted {
  /** Holds the member's home, and the market's vault. */
  readonly folder: string;
  /** What the ledger answers to the calls that the test expects; any other fails. */
  readonly ledger?: Readonly<Record<string, unknown>>;
  readonly keyring?: Keyring;
}

/** A member: genuine keyring, vault and files over a ledger that the test scripts. */
export const memberContext = (scripted: Scripted): { member: Member } & ActionContext => ({
  member: {
    home: new MemberHome(join(scripted.folder, 'home')),
    market: scriptedMarket(scripted),
    close: () => undefined,
  },
});
