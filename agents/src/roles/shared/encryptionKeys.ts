import type { PublicJwk } from '@veritrain/client-sdk/keys';
import { endorsed, marketOf, type RoleContext } from '../role.js';

/** Public keys that others are sealed to. A participant's never changes: each is asked for once. */
export class EncryptionKeys {
  private readonly known = new Map<string, PublicJwk>();

  constructor(private readonly context: RoleContext) {}

  async of(participantId: string, signal: AbortSignal): Promise<PublicJwk> {
    const known = this.known.get(participantId);
    if (known !== undefined) return known;
    const { encryptionKey } = await marketOf(this.context).participants.get(
      { participantId },
      endorsed(signal),
    );
    this.known.set(participantId, encryptionKey);
    return encryptionKey;
  }
}
