import type { CloudInstance } from '@veritrain/client-sdk';
import type { ActionContext } from '../calls/action.js';
import { inviteFileSchema, type InviteFile } from '../datasets/invite.js';
import { checkForm } from '../home/userInput.js';
import type { Member } from '../profile/member.js';
import { joinInstances } from './joinInstances.js';
import type { AgreeToAddress } from './presignedPackage.js';

/** How `MemberInstances.join` joins. */
export interface JoinOptions extends ActionContext {
  /** Called before a package is fetched from another host than the vault's. Default: throws CONFIRMATION_MISSING. */
  readonly agree?: AgreeToAddress;
}

/** A host's actions on slots. */
export class MemberInstances {
  constructor(private readonly member: Member) {}

  /**
   * Joins the slots of an invite: fetches each package, checks it against invite and dataset, keeps it sealed, and commits
   * to it on the ledger. Slots that this host already holds stay as they are.
   *
   * @throws FILE_INVALID, NOT_OURS, OTHER_DATA_OWNER, INVITE_UNSIGNED, SLOT_HELD, NOT_WHAT_WAS_PROMISED, LOAN_ENDED,
   * CONFIRMATION_MISSING; refusals of JoinInstance
   */
  async join(invite: InviteFile, { agree, ...context }: JoinOptions = {}): Promise<CloudInstance[]> {
    const checked = checkForm(invite, inviteFileSchema, '(argument)', 'invite');
    return (await joinInstances(this.member, checked, context, agree)).instances;
  }
}
