import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommitError, EndorseError, GatewayError } from '@hyperledger/fabric-gateway';
import type { Contract, SubmittedTransaction } from '@hyperledger/fabric-gateway';

/** Keys of one run never meet those of another, so the suite can be run on a network again and again. */
export function uniquePrefix(): string {
  return `t${randomBytes(6).toString('hex')}-`;
}

export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

export async function evaluate(contract: Contract, name: string, ...args: string[]): Promise<string> {
  return text(await contract.evaluateTransaction(name, ...args));
}

export async function evaluateJson(contract: Contract, name: string, ...args: string[]): Promise<unknown> {
  return JSON.parse(await evaluate(contract, name, ...args));
}

/**
 * Submits and waits for the commit. Peers of a real network commit at different moments, so their answers can
 * differ for a while: nothing was ordered then, and it is asked again.
 */
export async function submit(contract: Contract, name: string, ...args: string[]): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    try {
      return text(await contract.submitTransaction(name, ...args));
    } catch (error) {
      if (!isMismatch(error) || attempt === 20) throw error;
      await sleep(100);
    }
  }
}

/** Endorses and orders without waiting for the commit; asks again as `submit` does. */
export async function submitAsync(
  contract: Contract,
  name: string,
  ...args: string[]
): Promise<SubmittedTransaction> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await contract.submitAsync(name, { arguments: args });
    } catch (error) {
      if (!isMismatch(error) || attempt === 20) throw error;
      await sleep(100);
    }
  }
}

/** What an error says in all: its own words and those of the nodes behind it. */
export interface Failure {
  readonly kind: string;
  /** gRPC code, or the validation code of a commit error. */
  readonly code: number;
  readonly message: string;
  readonly details: readonly string[];
}

/** The error that a call ends with; fails where it does not. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    if (error instanceof GatewayError) {
      const details = error.details.map(({ message }) => message);
      return { kind: error.name, code: error.code, message: error.message, details };
    }
    if (error instanceof CommitError) {
      return { kind: error.name, code: error.code, message: error.message, details: [] };
    }
    throw error;
  }
  throw new Error('the call succeeded');
}

function isMismatch(error: unknown): boolean {
  return (
    error instanceof EndorseError && error.details.some(({ message }) => message.includes('do not match'))
  );
}
