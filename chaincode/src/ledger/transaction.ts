import type { ChaincodeStub } from 'fabric-shim-api';
import {
  canonicalJson,
  clockAtStart,
  ContractError,
  eventSchemaVersion,
  hasPassed,
  isOwnedByAnother,
  marketEventName,
  startRowOf,
  viewDeadline,
  type Clock,
  type Deadline,
  type DeadlineView,
  type LedgerContext,
  type MarketChange,
  type MarketConfig,
  type Participant,
  type Role,
  type Stamp,
  type TickRow,
} from '../domain/index.js';
import { callerOf, type Caller } from './caller.js';
import { records, type Collection, type KeyPart } from './collections.js';
import { Overlay, type Place } from './overlay.js';
import { placeOf } from './place.js';
import { unconfigured } from './unconfigured.js';

/** One transaction: the caller, the ledger including its own writes, the clock, and the batch of changes. */
export class Transaction {
  readonly #changes: MarketChange[] = [];
  readonly ledger: Overlay;

  readonly caller: Caller;
  /** Channel and chaincode name: part of every hash. */
  readonly place: LedgerContext;

  constructor(private readonly stub: ChaincodeStub) {
    this.caller = callerOf(stub);
    this.place = placeOf(stub);
    this.ledger = new Overlay(stub);
  }

  /** Refuses a call under another chaincode name or channel than the market was configured for. */
  async requirePinned(): Promise<void> {
    const pinned = await this.ledger.get(records.config);
    const { channel, chaincode } = this.place;
    if (pinned === null || (pinned.channel === channel && pinned.chaincode === chaincode)) return;
    throw new ContractError('WRONG_CHAINCODE', 'The market was configured under another name.', {
      chaincode,
      pinned: pinned.chaincode,
    });
  }

  get id(): string {
    return this.stub.getTxID();
  }

  /** The timestamp that the client chose. Only Tick uses it, behind a guard. */
  get proposedAt(): number {
    return this.stub.getDateTimestamp().getTime();
  }

  async config(): Promise<MarketConfig> {
    const config = await this.ledger.get(records.config);
    if (config === null) throw await unconfigured(this.ledger);
    return config;
  }

  async clock(): Promise<Clock> {
    return (await this.ledger.get(records.clock)) ?? clockAtStart;
  }

  async stamp(): Promise<Stamp> {
    return { ...(await this.clock()), transactionId: this.id };
  }

  /** Where the caller's participant id is, for `ledger.prepare`. */
  get callersPlace(): Place {
    return [records.identity, this.caller.identity];
  }

  /** The caller's participant id. Refuses with NOT_REGISTERED. */
  async callerId(): Promise<string> {
    const row = await this.ledger.get(records.identity, this.caller.identity);
    if (row === null) throw new ContractError('NOT_REGISTERED', 'The calling identity is not a participant.');
    return row.participantId;
  }

  /** The caller as a participant with a role. Refuses with NOT_REGISTERED, MISSING_ROLE or ROLE_NOT_CERTIFIED. */
  async callerWith(role: Role): Promise<Participant> {
    const participant = await this.find(records.participant, 'participant', await this.callerId());
    if (!participant.roles.includes(role)) {
      throw new ContractError('MISSING_ROLE', `The participant lacks the role ${role}.`, {
        participantId: participant.participantId,
        role,
      });
    }
    await this.requireCertified([role]);
    return participant;
  }

  /**
   * Refuses with ROLE_NOT_CERTIFIED if the market takes roles from certificates and the caller's lacks one of these.
   */
  async requireCertified(roles: readonly Role[]): Promise<void> {
    const { rolesFromAttributes } = (await this.config()).settings;
    const missing = roles.find((role) => !this.caller.certifiedRoles?.includes(role));
    if (rolesFromAttributes && missing !== undefined) {
      throw new ContractError('ROLE_NOT_CERTIFIED', 'The certificate does not grant the role.', {
        role: missing,
      });
    }
  }

  /** Refuses with NOT_OWNER when the caller is not the participant named. */
  async requireCaller(owner: string): Promise<void> {
    const caller = await this.callerId();
    if (caller !== owner) {
      throw new ContractError('NOT_OWNER', 'The record belongs to another participant.', { caller, owner });
    }
  }

  /** Refuses an id that only another owner may register, with ID_OF_ANOTHER. */
  requireOwnId(id: string, ownerId: string): void {
    if (isOwnedByAnother(id, { ...this.place, ownerId }))
      throw new ContractError('ID_OF_ANOTHER', 'The id follows from another owner.', { id, ownerId });
  }

  /** The record. Refuses with NOT_FOUND. */
  async find<Value>(collection: Collection<Value>, what: string, ...parts: KeyPart[]): Promise<Value> {
    const found = await this.ledger.get(collection, ...parts);
    if (found === null)
      throw new ContractError('NOT_FOUND', `There is no such ${what}.`, { id: parts.join('/') });
    return found;
  }

  /** A deadline that starts now. */
  async deadline(durationMs: number, windowMs: number): Promise<Deadline> {
    return { sequence: (await this.clock()).sequence, durationMs, windowMs };
  }

  async passed(deadline: Deadline): Promise<boolean> {
    return hasPassed(deadline, ...(await this.#timesOf(deadline)));
  }

  async view(deadline: Deadline): Promise<DeadlineView> {
    return viewDeadline(deadline, ...(await this.#timesOf(deadline)));
  }

  #timesOf(deadline: Deadline): Promise<[Clock, TickRow | null]> {
    return Promise.all([this.clock(), this.ledger.get(records.tick, startRowOf(deadline))]);
  }

  async requireInTime(deadline: Deadline, what: string): Promise<void> {
    if (await this.passed(deadline)) {
      throw new ContractError(
        'DEADLINE_PASSED',
        `The ${what} deadline has passed.`,
        await this.#facts(deadline),
      );
    }
  }

  async requirePassed(deadline: Deadline, what: string): Promise<void> {
    if (!(await this.passed(deadline))) {
      throw new ContractError(
        'DEADLINE_NOT_PASSED',
        `The ${what} deadline has not passed.`,
        await this.#facts(deadline),
      );
    }
  }

  async #facts(deadline: Deadline): Promise<{ dueAt: number | null; clock: number }> {
    const view = await this.view(deadline);
    return { dueAt: view.dueAt, clock: (await this.clock()).time };
  }

  /** Adds to the batch that the transaction's one event reports. */
  emit(change: MarketChange): void {
    this.#changes.push(change);
  }

  /** Writes all changes, and the event if there are any. */
  async commit(): Promise<void> {
    await this.ledger.flush();
    if (this.#changes.length === 0) return;
    const event = { schemaVersion: eventSchemaVersion, changes: this.#changes };
    this.stub.setEvent(marketEventName, Buffer.from(canonicalJson(event)));
  }
}
