import { openMember } from '@veritrain/agents';
import { LyingGateway } from './lyingGateway.js';
import { polyglot } from './polyglot.js';
import type { StoryMember } from './storyMarket.js';

export interface Forgery {
  /** Of the code that the member's own call failed with; undefined where it noticed nothing. */
  readonly code: string | undefined;
  /** How often the gateway gave out a forged transaction. */
  readonly forged: number;
  /** How many transactions the member signed. */
  readonly signed: number;
}

/** A member registers again, which changes nothing, through a gateway that has it sign the withdrawal of its dataset. */
export async function callThroughForger({ profile }: StoryMember, datasetId: string): Promise<Forgery> {
  let forged = 0;
  let signed = 0;
  const code = await LyingGateway.inFrontOf(
    profile,
    {
      prepare: (asked, honest) => {
        forged += 1;
        return polyglot(asked, honest, 'DatasetContract:WithdrawDataset', { datasetId });
      },
      signed: () => (signed += 1),
      status: () => 11,
    },
    async () => {
      const member = await openMember(profile);
      try {
        const { participant } = await member.market.participants.whoAmI();
        const { participantId = '', roles = [] } = participant ?? {};
        const { signingKey, encryptionKey } = member.market.keyring;
        await member.market.participants.register({ participantId, roles, signingKey, encryptionKey });
        return undefined;
      } catch (error) {
        return (error as { code?: string }).code;
      } finally {
        member.close();
      }
    },
  );
  return { code, forged, signed };
}
