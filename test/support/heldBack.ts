import { StatusCode, type Transaction } from '@hyperledger/fabric-gateway';
import type { InputOf, TransactionName } from '@veritrain/client-sdk/protocol';
import { OwnClient, type Choices } from './ownClient.js';
import type { StoryMember } from './storyMarket.js';

export interface HeldBack {
  readonly transaction: Transaction;
  close(): void;
}

/** Submits what was held back. @returns its validation code */
export async function outcomeOf({ transaction, close }: HeldBack): Promise<number> {
  const { code } = await (await transaction.submit()).getStatus();
  close();
  return code;
}

/** Has a transaction endorsed anew until none before it, such as a tick, conflicts with it. @returns the id of the valid one */
export async function committedId(endorse: () => Promise<HeldBack>): Promise<string> {
  for (;;) {
    const held = await endorse();
    const code = await outcomeOf(held);
    if (code === StatusCode.VALID) return held.transaction.getTransactionId();
    if (code !== StatusCode.MVCC_READ_CONFLICT) throw new Error(`committed as ${code.toString()}`);
  }
}

/** Has a transaction endorsed, and keeps it: what a member can do whose client is not the SDK. */
export async function endorseOnly<Name extends TransactionName>(
  member: StoryMember,
  name: Name,
  input: InputOf<Name>,
  choices: Choices = {},
): Promise<HeldBack> {
  const client = new OwnClient(member);
  try {
    const proposal = await client.propose(name, input, choices);
    return { transaction: await proposal.endorse(), close: () => client.close() };
  } catch (error) {
    client.close();
    throw error;
  }
}
