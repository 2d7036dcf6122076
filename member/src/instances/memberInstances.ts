import type { CloudInstance } from '@veritrain/client-sdk';
import type { ActionContext } from '../calls/context.js';
import { inviteFileSchema, type InviteFile } from '../datasets/invite.js';
import { checkForm } from '../home/files.js';
import type { Member } from '../profile/member.js';
import { joinInstances } from './joinInstances.js';
import type { AgreeToAddress } from './lentAddress.js';

/** What a host does with the slots that it is invited to. */
export class MemberInstances {
  constructor(private readonly member: Member) {}

  /**
   * Takes the slots of an invite: fetches each package, checks that it is what invite and dataset promise, keeps it sealed,
   * and commits to it on the ledger. Slots that this host holds already stay as they are.
   *
   * @param options.agree asked before a package is fetched from another host than the vault's own
   * @throws FILE_INVALID for what is no invite; NOT_OURS, INVITE_UNSIGNED, NOT_WHAT_WAS_PROMISED, LOAN_ENDED,
   * CONFIRMATION_MISSING
   */
  async join(
    invite: InviteFile,
    { agree, ...context }: ActionContext & { readonly agree?: AgreeToAddress } = {},
  ): Promise<CloudInstance[]> {
    const checked = checkForm(invite, inviteFileSchema, '(argument)', 'invite');
    return (await joinInstances(this.member, checked, context, agree)).instances;
  }
}
