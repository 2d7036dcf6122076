import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { vi } from 'vitest';
import {
  marketEvent,
  marketEventName,
  parseErrorMessage,
  qualifiedName,
  transactions,
  type ErrorName,
  type InputOf,
  type MarketChange,
  type OutputOf,
  type TransactionName,
} from '../domain/index.js';
import type { TestIdentity } from './identity.js';
import { MemoryStub, type Simulation, type Versioned } from './memoryStub.js';

interface Runtime {
  Invoke(stub: MemoryStub): Promise<{ status: number; message: string; payload: Uint8Array }>;
}

/** The genuine chaincode runtime over the built contracts, including decorators, dispatch and parameter checks. */
function loadRuntime(): Runtime {
  const root = join(__dirname, '../..');
  const require = createRequire(join(root, 'package.json'));
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('build the chaincode first: npm run build');
  const { contracts } = require('./dist/index.js') as { contracts: unknown[] };
  const { JSONSerializer } = require('fabric-contract-api') as { JSONSerializer: unknown };
  const FromContract = require('fabric-shim/lib/contract-spi/chaincodefromcontract.js') as new (
    ...args: unknown[]
  ) => Runtime;
  const serializers = { transaction: 'json', serializers: { json: JSONSerializer } };
  return new FromContract([...contracts], serializers, {}, 'veritrain', 'test');
}

let runtime: Runtime | undefined;

/** A refusal as a client sees it. */
export class Refused extends Error {
  readonly refusal: ErrorName | null;

  constructor(
    readonly reported: string,
    /** Keys that the contract wrote before it refused. A peer drops them, but there should be none. */
    readonly written: number,
  ) {
    super(reported);
    this.refusal = parseErrorMessage(reported)?.name ?? null;
  }
}

export interface Endorsed {
  /** The called contract and transaction. */
  readonly called: string;
  readonly transactionId: string;
  readonly payload: string;
  readonly simulation: Simulation;
}

/** The transaction was committed as invalid: another transaction changed a key that this one had read. */
export class StaleRead extends Error {}

/**
 * One channel's state as Fabric keeps it. Transactions are simulated on committed state and committed only while every
 * version that they read is still current.
 */
export class MemoryLedger {
  readonly state = new Map<string, Versioned>();
  readonly changes: MarketChange[] = [];
  /** The maximum number of keys that one submitted transaction touched, by its name. */
  readonly maxKeys = new Map<string, number>();
  #version = 0;
  #count = 0;

  constructor(
    /** The endorsers' and clients' clocks, which agree; tests move it. */
    public now = Date.UTC(2026, 0, 1),
    readonly channel = 'market',
    readonly chaincode = 'veritrain',
  ) {
    vi.useFakeTimers({ toFake: ['Date'] });
  }

  async endorseRaw(
    creator: TestIdentity,
    args: readonly string[],
    options: { timestampMs?: number; chaincode?: string } = {},
  ): Promise<Endorsed> {
    vi.setSystemTime(this.now);
    runtime ??= loadRuntime();
    this.#count += 1;
    const transactionId = createHash('sha256').update(String(this.#count)).digest('hex');
    const { channel } = this;
    const { timestampMs = this.now, chaincode = this.chaincode } = options;
    const stub = new MemoryStub(this.state, {
      channel,
      chaincode,
      transactionId,
      creator,
      timestampMs,
      args,
    });
    const response = await runtime.Invoke(stub);
    if (response.status !== 200) throw new Refused(response.message, stub.simulation.writes.size);
    return {
      called: args[0] ?? '',
      transactionId,
      payload: Buffer.from(response.payload).toString('utf8'),
      simulation: stub.simulation,
    };
  }

  endorse<Name extends TransactionName>(
    creator: TestIdentity,
    name: Name,
    input: InputOf<Name>,
    options: { timestampMs?: number; chaincode?: string } = {},
  ): Promise<Endorsed> {
    return this.endorseRaw(creator, [qualifiedName(name), JSON.stringify(input)], options);
  }

  /** Commits an endorsed transaction, unless a key that it read has changed since. */
  commit({ called, simulation }: Endorsed): void {
    for (const [key, version] of simulation.reads) {
      if ((this.state.get(key)?.version ?? 0) !== version) throw new StaleRead(key);
    }
    if (simulation.ranges + simulation.paginated > 0)
      throw new Error('a submitted transaction reads a range');
    this.#version += 1;
    const name = called.slice(called.indexOf(':') + 1);
    const keys = new Set([...simulation.reads.keys(), ...simulation.writes.keys()]).size;
    this.maxKeys.set(name, Math.max(keys, this.maxKeys.get(name) ?? 0));
    for (const [key, value] of simulation.writes) {
      if (value === null) this.state.delete(key);
      else this.state.set(key, { value, version: this.#version });
    }
    this.#report(simulation);
  }

  #report({ event }: Simulation): void {
    if (event === null) return;
    if (event.name !== marketEventName) throw new Error(`unexpected event ${event.name}`);
    this.changes.push(...marketEvent.parse(JSON.parse(event.payload.toString('utf8'))).changes);
  }

  /** Endorses and commits at once, and checks the answer against the transaction's output schema. */
  async submit<Name extends TransactionName>(
    creator: TestIdentity,
    name: Name,
    input: InputOf<Name>,
  ): Promise<OutputOf<Name>> {
    const endorsed = await this.endorse(creator, name, input);
    this.commit(endorsed);
    return transactions[name].output.parse(JSON.parse(endorsed.payload)) as OutputOf<Name>;
  }

  async query<Name extends TransactionName>(
    creator: TestIdentity,
    name: Name,
    input: InputOf<Name>,
  ): Promise<OutputOf<Name>> {
    const { payload, simulation } = await this.endorse(creator, name, input);
    if (simulation.writes.size > 0) throw new Error(`${name} writes`);
    return transactions[name].output.parse(JSON.parse(payload)) as OutputOf<Name>;
  }

  /** Saves state and time. The returned function restores them. */
  save(): () => void {
    const state = new Map(this.state);
    const { now } = this;
    return () => {
      this.state.clear();
      for (const [key, value] of state) this.state.set(key, value);
      this.now = now;
      this.changes.length = 0;
    };
  }
}
