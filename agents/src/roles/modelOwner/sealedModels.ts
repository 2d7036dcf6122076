import { rmSync } from 'node:fs';
import { everyPage, type TrainCouple } from '@veritrain/client-sdk';
import { digestOf } from '@veritrain/client-sdk/vault';
import { type CoupleHome, readIfThere, writeAtomically } from '@veritrain/member/home';
import { endorsed, type RoleContext } from '../role.js';
import { encryptionKeys } from '../shared/readOnce.js';

/**
 * The models of a couple as they lie in the vault, sealed to the hosts of the dataset. A sealed model is kept on disk until
 * its attempt is over, because sealing it again would give other bytes.
 */
export class SealedModels {
  private readonly home: CoupleHome;
  private readonly keys;

  constructor(
    private readonly context: RoleContext,
    private readonly couple: TrainCouple,
  ) {
    this.home = context.member.home.couple(couple.coupleId);
    this.keys = encryptionKeys(context);
  }

  /** The model, sealed to the participants that hold a slot now. */
  async seal(attempt: number, model: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    const { keyring } = this.context.market;
    const hosts = await this.hosts(signal);
    const name = digestOf(Buffer.from([digestOf(model), ...hosts].join(' ')));
    const path = this.home.sealedModelPath(attempt, name);
    const kept = readIfThere(path);
    if (kept !== undefined) return kept;
    const keys = await Promise.all(hosts.map((host) => this.keys.of(host, signal)));
    // Sealed to the owner too, so that there is a reader even when every host has left.
    const sealed = await keyring.sealObject([keyring.encryptionKey, ...keys], model);
    writeAtomically(path, sealed);
    return sealed;
  }

  /** The attempt is over. */
  forget(attempt: number): void {
    rmSync(this.home.sealedModelFolder(attempt), { recursive: true, force: true });
  }

  /** Participants that a draw may name, sorted, so that the same hosts give the same file name. */
  private async hosts(signal: AbortSignal): Promise<string[]> {
    const { list } = this.context.market.instances;
    const hosts = new Set<string>();
    for await (const slot of everyPage(list, { datasetId: this.couple.datasetId }, endorsed(signal)))
      if (slot.participantId !== null && ['verified', 'leaving'].includes(slot.state))
        hosts.add(slot.participantId);
    return [...hosts].sort();
  }
}
