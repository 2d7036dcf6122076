import type { Lies } from './lyingGateway.js';
import { polyglot } from './polyglot.js';
import type { StoryMember } from './storyMarket.js';
import { throughLiar } from './throughLiar.js';

export interface Forgery {
  /** Of the code that the member's own call failed with; undefined where it noticed nothing. */
  readonly code: string | undefined;
  /** How often the gateway gave out a forged transaction. */
  readonly forged: number;
  /** How many transactions the member signed. */
  readonly signed: number;
}

/** A member registers again, which changes nothing, through a gateway that has it sign the withdrawal of its dataset. */
export async function callThroughForger(caller: StoryMember, datasetId: string): Promise<Forgery> {
  let forged = 0;
  let signed = 0;
  const lies: Lies = {
    prepare: (asked, honest) => {
      forged += 1;
      return polyglot(asked, honest, 'DatasetContract:WithdrawDataset', { datasetId });
    },
    signed: () => (signed += 1),
    status: () => 11,
  };
  const code = await throughLiar(caller, lies, async ({ market }) => {
    const { participant } = await market.participants.whoAmI();
    const { participantId = '', roles = [] } = participant ?? {};
    const { signingKey, encryptionKey } = market.keyring;
    return market.participants.register({ participantId, roles, signingKey, encryptionKey }).then(
      () => undefined,
      (error: unknown) => (error as { code?: string }).code,
    );
  });
  return { code, forged, signed };
}
