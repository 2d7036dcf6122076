import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import { dialChaincode } from './chaincodeDial.js';
import { chaincodeEnded, chaincodeSilent, chaincodeUnreachable } from './chaincodeFailures.js';
import type { ChaincodeServer } from './chaincodeServer.js';
import type { ChaincodePackage, RunningChaincode } from './chaincodeProcess.js';
import { startChaincodeProcess } from './chaincodeProcess.js';
import type { Execution, ExecutionResult } from './chaincodeStream.js';
import { ChaincodeStream, ExecutionTimeoutError } from './chaincodeStream.js';

/** Where an organisation's chaincode runs: on a running server, or from a folder to start. */
export type ChaincodeSource =
  | { readonly kind: 'server'; readonly server: ChaincodeServer }
  | { readonly kind: 'folder'; readonly chaincode: ChaincodePackage };

export interface ChaincodeRuntimeOptions {
  readonly chaincodeName: string;
  readonly mspId: string;
  readonly connectTimeoutMs: number;
  readonly log: Log;
}

/** A stream, and a promise of the reason why it ended. */
interface Opened {
  readonly stream: ChaincodeStream;
  readonly ended: Promise<string>;
}

const DIAL_MS = 1000;
const REDIAL_MS = 20;
const WAIT_FOR_RETURN_MS = 10_000;
const RESTART_FIRST_MS = 100;
const RESTART_MAX_MS = 5000;
const STABLE_AFTER_MS = 10_000;
/** After this many short-lived runs in a row, only a transaction starts the process again. */
const MAX_RESTARTS = 4;
const MAX_TOLD_CHARACTERS = 100;

/**
 * Keeps one organisation's chaincode running and connected from its start or first transaction. Restarts it or dials it
 * again whenever it ends.
 */
export class ChaincodeRuntime {
  private stream: ChaincodeStream | undefined;
  private process: RunningChaincode | undefined;
  private readonly waiting = new Set<() => void>();
  private readonly abort = new AbortController();
  private starting: Promise<void> | undefined;
  /** The reason of its last end. */
  private lastEnd = 'it was not started';
  private keeper: Promise<void> = Promise.resolve();

  constructor(
    private readonly source: ChaincodeSource,
    private readonly options: ChaincodeRuntimeOptions,
  ) {}

  /** Returns once the chaincode has registered. @throws LedgerError CHAINCODE_INVALID, CHAINCODE_UNREACHABLE */
  async start(): Promise<void> {
    this.starting ??= this.open(Date.now() + this.options.connectTimeoutMs).then(({ ended }) => {
      this.keeper = this.keep(ended);
    });
    try {
      await this.starting;
    } catch (error) {
      this.starting = undefined;
      throw error;
    }
  }

  get connected(): boolean {
    return this.stream !== undefined;
  }

  async execute(execution: Execution): Promise<ExecutionResult> {
    const stream = this.stream ?? (await this.launched());
    try {
      return await stream.execute(execution);
    } catch (error) {
      if (error instanceof Error && error.cause instanceof ExecutionTimeoutError) this.checkAfter(execution);
      throw error;
    }
  }

  /** A function that timed out may wait for something, or block all others for good. */
  private checkAfter({ input, transactionId, timeoutMs }: Execution): void {
    const [name = ''] = input.getArgsList_asU8().map((bytes) => Buffer.from(bytes).toString());
    const told = JSON.stringify(name.slice(0, MAX_TOLD_CHARACTERS));
    const limit = `within ${String(timeoutMs)} ms`;
    this.options.log(
      `the chaincode of ${this.options.mspId} did not end ${told} ${limit} (transaction ${transactionId})`,
    );
    this.process?.check();
  }

  async close(): Promise<void> {
    this.abort.abort();
    this.stream?.close();
    await this.process?.stop();
    await this.starting?.catch(() => undefined);
    await this.keeper;
    // A restart may have started another process meanwhile.
    await this.process?.stop();
  }

  /**
   * Starts the process if there is one to start, or dials the server. @returns a promise of the reason why the
   * connection ended
   */
  private async open(deadline: number): Promise<{ readonly ended: Promise<string> }> {
    const { source } = this;
    const opened =
      source.kind === 'server'
        ? await this.dial(source.server, deadline)
        : await this.run(source.chaincode, deadline);
    this.stream = opened.stream;
    for (const wake of this.waiting) wake();
    return opened;
  }

  /** Starts a process, and ends it if it does not register. */
  private async run(chaincode: ChaincodePackage, deadline: number): Promise<Opened> {
    const { chaincodeName, mspId, log } = this.options;
    const running = startChaincodeProcess(chaincode, { chaincodeId: `${chaincodeName}:1`, mspId, log });
    this.process = running;
    const died = running.ended.then((reason): never => {
      throw chaincodeEnded(mspId, reason);
    });
    const registered = this.follow((onClosed) =>
      ChaincodeStream.open(running.stream, deadline - Date.now(), onClosed),
    ).catch((error: unknown): never => {
      throw chaincodeSilent(mspId, error);
    });
    try {
      const { stream, ended } = await Promise.race([registered, died]);
      return { stream, ended: ended.then(() => this.stopProcess()) };
    } catch (error) {
      await running.stop();
      throw error;
    }
  }

  /** After its stream has ended a process is useless, so this ends it and reports the reason. */
  private async stopProcess(): Promise<string> {
    const running = this.process;
    if (running === undefined) return `the chaincode of ${this.options.mspId} is gone`;
    await Promise.race([running.ended, sleep(500)]);
    await running.stop();
    return chaincodeEnded(this.options.mspId, await running.ended).message;
  }

  private async dial(server: ChaincodeServer, deadline: number): Promise<Opened> {
    for (;;) {
      try {
        return await this.follow((onClosed) => dialChaincode(server, DIAL_MS, onClosed));
      } catch (error) {
        if (this.isClosing() || Date.now() > deadline)
          throw chaincodeUnreachable(this.options.mspId, server.address, error);
        await sleep(REDIAL_MS);
      }
    }
  }

  /** Opens a stream, and tells when it ends. */
  private async follow(open: (onClosed: () => void) => Promise<ChaincodeStream>): Promise<Opened> {
    let onClosed: () => void = () => undefined;
    const ended = new Promise<string>((resolve) => {
      onClosed = () => {
        this.stream = undefined;
        resolve(`the connection to the chaincode of ${this.options.mspId} ended`);
      };
    });
    return { stream: await open(onClosed), ended };
  }

  private async keep(lost: Promise<string>): Promise<void> {
    let ended = lost;
    for (let restarts = 0; ; restarts++) {
      const since = Date.now();
      this.lastEnd = await ended;
      if (this.isClosing()) return;
      if (Date.now() - since > STABLE_AFTER_MS) restarts = 0;
      if (restarts === MAX_RESTARTS && this.source.kind === 'folder') {
        this.giveUp();
        return;
      }
      const pause = Math.min(RESTART_FIRST_MS * 2 ** restarts, RESTART_MAX_MS);
      this.options.log(`${this.lastEnd}. Starting it again in ${String(pause)} ms`);
      await sleep(pause, undefined, { signal: this.abort.signal }).catch(() => undefined);
      ({ ended } = await this.reopen());
    }
  }

  /** The next transaction starts it, and gets the error if that fails. */
  private giveUp(): void {
    this.options.log(`${this.lastEnd}. Starting it again when a transaction asks for it`);
    this.starting = undefined;
    for (const wake of this.waiting) wake();
  }

  private isClosing(): boolean {
    return this.abort.signal.aborted;
  }

  private async reopen(): Promise<{ readonly ended: Promise<string> }> {
    if (this.isClosing()) return { ended: Promise.resolve('closed') };
    try {
      return await this.open(Date.now() + this.options.connectTimeoutMs);
    } catch (error) {
      return { ended: Promise.resolve(messageOf(error)) };
    }
  }

  /** Waits for chaincode that is starting or restarting. Throws with Fabric's text. */
  private async launched(): Promise<ChaincodeStream> {
    const failed = `could not launch chaincode ${this.options.chaincodeName}`;
    try {
      await this.start();
    } catch (error) {
      throw new Error(`${failed}: ${messageOf(error)}`, { cause: error });
    }
    const stream = this.stream ?? (await this.returned());
    if (stream === undefined) throw new Error(`${failed}: ${this.lastEnd}`);
    return stream;
  }

  private async returned(): Promise<ChaincodeStream | undefined> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(wake, WAIT_FOR_RETURN_MS);
      const { waiting } = this;
      function wake(): void {
        clearTimeout(timer);
        waiting.delete(wake);
        resolve();
      }
      waiting.add(wake);
    });
    return this.stream;
  }
}
