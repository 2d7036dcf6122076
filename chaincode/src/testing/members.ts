import {
  participantIdOf,
  type ErrorName,
  type InputOf,
  type OutputOf,
  type TransactionName,
} from '../domain/index.js';
import { declared, period } from './fixtures.js';
import { makeIdentity, type IdentityOptions, type TestIdentity } from './identity.js';
import { MemoryLedger, Refused } from './memoryLedger.js';

/** Members with certificates who call one ledger, and its time. */
export class TestMembers {
  readonly members = new Map<string, TestIdentity>();

  /** Called before every submission. */
  before: ((who: string, name: TransactionName, input: unknown) => Promise<void>) | undefined;

  constructor(readonly ledger: MemoryLedger) {}

  get place() {
    return { channel: this.ledger.channel, chaincode: this.ledger.chaincode };
  }

  async member(name: string, options: IdentityOptions = {}): Promise<TestIdentity> {
    const known = this.members.get(name);
    if (known !== undefined) return known;
    const made = await makeIdentity(name, options);
    this.members.set(name, made);
    return made;
  }

  who(name: string): TestIdentity {
    const found = this.members.get(name);
    if (found === undefined) throw new Error(`no member ${name}`);
    return found;
  }

  async submit<Name extends TransactionName>(
    who: string,
    name: Name,
    input: InputOf<Name>,
  ): Promise<OutputOf<Name>> {
    await this.before?.(who, name, input);
    return this.ledger.submit(this.who(who), name, input);
  }

  query<Name extends TransactionName>(
    name: Name,
    input: InputOf<Name>,
    who = 'owner',
  ): Promise<OutputOf<Name>> {
    return this.ledger.query(this.who(who), name, input);
  }

  /** The name of the refusal. Fails when the call succeeds, and when the refused transaction has written anything. */
  async refusal<Name extends TransactionName>(
    who: string,
    name: Name,
    input: InputOf<Name>,
  ): Promise<ErrorName> {
    try {
      await this.submit(who, name, input);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.written > 0) throw new Error('a refused transaction has written', { cause: error });
      return declared(name, error);
    }
    throw new Error(`${name} succeeded`);
  }

  async register(name: string, ...roles: InputOf<'RegisterParticipant'>['roles']): Promise<void> {
    const { signingKey, encryptionKey } = await this.member(name);
    await this.submit(name, 'RegisterParticipant', {
      participantId: this.id(name),
      roles,
      signingKey,
      encryptionKey,
    });
  }

  /** The participant's id, which follows from the keys of the member. */
  id(name: string): string {
    return participantIdOf(this.who(name));
  }

  /** Lets `ms` pass with a tick at the end, and two at the start so that deadlines begun now start to run. */
  async pass(ms: number): Promise<void> {
    await this.tick();
    await this.tick();
    this.ledger.now += ms - period;
    await this.tick();
  }

  async tick(): Promise<void> {
    this.ledger.now += period;
    await this.submit('admin', 'Tick', {});
  }
}
