import { rmSync } from 'node:fs';
import type { DrawnSlot, DrawnSubset, RoundView, TrainCouple } from '@veritrain/client-sdk';
import { encryptObject } from '@veritrain/client-sdk/keys';
import { jobIdOf } from '@veritrain/client-sdk/protocol';
import { digestOf } from '@veritrain/client-sdk/vault';
import { updateHandle } from '@veritrain/member/vault';
import { readIfThere, writeAtomically } from '@veritrain/member/home';
import { openKept } from '../shared/keptObject.js';
import type { RoleContext } from '../role.js';

/** One of this host's slots in a started round. */
export interface HostJob {
  readonly jobId: string;
  readonly couple: TrainCouple;
  readonly round: RoundView;
  readonly subset: DrawnSubset;
  readonly slot: DrawnSlot;
}

/** What identifies a job's update on this host. */
export interface KeptJob {
  readonly coupleId: string;
  readonly instanceId: string;
  readonly jobId: string;
  readonly attempt: number;
  readonly subsetIndex: number;
}

/** The jobs that a round's record names for a host, whether it still holds the slots or not. */
export function jobsOf(couple: TrainCouple, round: RoundView, participantId: string): HostJob[] {
  return round.drawn.flatMap((subset) =>
    subset.slots
      .filter((slot) => slot.participantId === participantId)
      .map((slot) => ({
        jobId: jobIdOf(couple.coupleId, round.attempt, subset.subsetIndex, slot.slot),
        couple,
        round,
        subset,
        slot,
      })),
  );
}

export const factsOf = ({ couple, round, subset, slot }: HostJob): Record<string, string | number> => ({
  coupleId: couple.coupleId,
  attempt: round.attempt,
  subset: subset.subsetIndex,
  instanceId: slot.instanceId,
});

/** An update as it is committed, kept and uploaded. */
export interface KeptUpdate {
  /** Digest of the update's own bytes, which all replicas share. */
  readonly digest: string;
  /** The encrypted bytes that go into the vault. */
  readonly object: Uint8Array;
  readonly handle: string;
  readonly key: Uint8Array;
}

/**
 * Updates on this host's disk, each encrypted under its own key. An update is kept from before its commitment until its
 * subset is settled, so that the host can deliver and reveal it even when the model is gone.
 */
export class UpdateStore {
  constructor(private readonly context: RoleContext) {}

  /** The kept update; undefined where there is none, or its file was damaged. */
  read(job: HostJob): KeptUpdate | undefined {
    const object = readIfThere(this.pathOf(job));
    if (object === undefined) return undefined;
    const key = this.key(job);
    const update = openKept(key, object, job.jobId);
    return update && { digest: digestOf(update), object, key, handle: this.handle(job) };
  }

  /** The couple's updates that lie on the disk, damaged or not. */
  keptOf(coupleId: string): KeptJob[] {
    const { home } = this.context.member;
    return home.instanceIds().flatMap((instanceId) =>
      home
        .instance(instanceId)
        .updateNames()
        .flatMap((jobId) => {
          const [attempt = 0, subsetIndex = 0, slot = 0] = jobId.split('_').slice(-3).map(Number);
          const isOfCouple = jobId === jobIdOf(coupleId, attempt, subsetIndex, slot);
          return isOfCouple ? [{ coupleId, instanceId, jobId, attempt, subsetIndex }] : [];
        }),
    );
  }

  keep(job: HostJob, update: Uint8Array): KeptUpdate {
    const key = this.key(job);
    const object = encryptObject(key, update, job.jobId);
    writeAtomically(this.pathOf(job), object);
    return { digest: digestOf(update), object, key, handle: this.handle(job) };
  }

  forget({ instanceId, jobId }: KeptJob): void {
    rmSync(this.path(instanceId, jobId), { force: true });
  }

  private pathOf({ slot, jobId }: HostJob): string {
    return this.path(slot.instanceId, jobId);
  }

  private path(instanceId: string, jobId: string): string {
    return this.context.member.home.instance(instanceId).updatePath(jobId);
  }

  private key({ jobId }: HostJob): Uint8Array {
    return this.context.market.keyring.derive('update', jobId);
  }

  private handle({ jobId, couple }: HostJob): string {
    return updateHandle(this.context.market, { jobId, modelOwnerId: couple.modelOwnerId });
  }
}
