import { rmSync } from 'node:fs';
import { everyPage, type TrainCouple } from '@veritrain/client-sdk';
import { digestOf } from '@veritrain/client-sdk/vault';
import { type CoupleHome, readIfThere, writeAtomically } from '@veritrain/member/home';
import { EncryptionKeys } from '../shared/encryptionKeys.js';
import { endorsed, marketOf, type RoleContext } from '../role.js';

/**
 * The models of a couple as they lie in the vault: sealed to the hosts of the dataset, whoever else may read the vault.
 * One is kept, since sealed again it would be other bytes, until the next attempt goes out.
 */
export class SealedModels {
  private readonly home: CoupleHome;
  private readonly keys: EncryptionKeys;

  constructor(
    private readonly context: RoleContext,
    private readonly couple: TrainCouple,
  ) {
    this.home = context.member.home.couple(couple.coupleId);
    this.keys = new EncryptionKeys(context);
  }

  /** The model, sealed to who holds a slot now. */
  async seal(attempt: number, model: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    const { keyring } = marketOf(this.context);
    const hosts = await this.hosts(signal);
    const name = digestOf(Buffer.from([digestOf(model), ...hosts].join(' ')));
    const path = this.home.sealedModelPath(attempt, name);
    const kept = readIfThere(path);
    if (kept !== undefined) return kept;
    const keys = await Promise.all(hosts.map((host) => this.keys.of(host, signal)));
    // The owner too, who may have to look at it again; and so there is somebody even when every host has left.
    const sealed = await keyring.sealObject([keyring.encryptionKey, ...keys], model);
    writeAtomically(path, sealed);
    return sealed;
  }

  /** The attempt is over. */
  forget(attempt: number): void {
    rmSync(this.home.sealedModelFolder(attempt), { recursive: true, force: true });
  }

  /** Participants that a draw may name, in an order that is always the same. */
  private async hosts(signal: AbortSignal): Promise<string[]> {
    const { list } = marketOf(this.context).instances;
    const hosts = new Set<string>();
    for await (const slot of everyPage(list, { datasetId: this.couple.datasetId }, endorsed(signal)))
      if (slot.participantId !== null && ['verified', 'leaving'].includes(slot.state))
        hosts.add(slot.participantId);
    return [...hosts].sort();
  }
}
