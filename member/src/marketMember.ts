import type { Market, Participant, Role } from '@veritrain/client-sdk';
import { MemberCouples } from './couples/memberCouples.js';
import { MemberDatasets } from './datasets/memberDatasets.js';
import type { MemberHome } from './home/memberHome.js';
import { MemberInstances } from './instances/memberInstances.js';
import { MemberModels } from './models/memberModels.js';
import type { Member } from './profile/member.js';

/** A connected member of a market, with its actions by role. */
export class MarketMember implements Member, AsyncDisposable {
  /** Its id on the ledger, `pt_…`. */
  readonly id: string;
  /** Its roles on the ledger, fixed at registration. */
  readonly roles: readonly Role[];
  /** Its files on this machine. */
  readonly home: MemberHome;
  /** The client SDK: every transaction, events, vault and keys. */
  readonly market: Market;
  /** As a data owner: publishes tables, invites and verifies hosts. */
  readonly datasets: MemberDatasets;
  /** As a cloud owner: joins the slots of an invite. */
  readonly instances: MemberInstances;
  /** As a model owner: registers programs, reads trained models. */
  readonly models: MemberModels;
  /** As a model owner or data owner: requests, answers and watches trainings. */
  readonly couples: MemberCouples;
  private readonly closing = new AbortController();

  constructor(
    private readonly connected: Member,
    { participantId, roles }: Participant,
  ) {
    this.id = participantId;
    this.roles = roles;
    this.home = connected.home;
    this.market = connected.market;
    this.datasets = new MemberDatasets(connected);
    this.instances = new MemberInstances(connected);
    this.models = new MemberModels(connected);
    this.couples = new MemberCouples(connected);
  }

  /** Fires when `close` was called. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  /** Closes the connection and stops this member's agents. Waiting calls fail with ABORTED. */
  close(): void {
    this.closing.abort();
    this.connected.close();
  }

  /** The same as `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }
}
