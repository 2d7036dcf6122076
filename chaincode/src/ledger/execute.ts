import type { ChaincodeStub } from 'fabric-shim-api';
import type { z } from 'zod';
import {
  canonicalJson,
  ContractError,
  transactions,
  type OutputOf,
  type ParsedInputOf,
  type TransactionName,
} from '../domain/index.js';
import { Transaction } from './transaction.js';

const maxInputBytes = 65_536;

export type Action<Name extends TransactionName> = (
  transaction: Transaction,
  input: ParsedInputOf<Name>,
) => Promise<OutputOf<Name>>;

/** Parses the argument, runs the action, writes its changes, and returns the answer as JSON. */
export async function execute<Name extends TransactionName>(
  stub: ChaincodeStub,
  name: Name,
  argument: string,
  action: Action<Name>,
): Promise<string> {
  try {
    const input = parseArgument(transactions[name].input, argument) as ParsedInputOf<Name>;
    const transaction = new Transaction(stub);
    // At once, so that their first reads share a message.
    const pinned = transaction.requirePinned();
    const answer = action(transaction, input);
    await Promise.allSettled([pinned, answer]);
    await pinned;
    const output = await answer;
    if (transactions[name].kind === 'submit') await transaction.commit();
    return canonicalJson(output);
  } catch (error) {
    throw codedError(error);
  }
}

function parseArgument(schema: z.ZodType, argument: string): unknown {
  const bytes = Buffer.byteLength(argument, 'utf8');
  if (bytes > maxInputBytes)
    throw new ContractError('INPUT_TOO_LARGE', 'The argument is too large.', { bytes });
  const parsed = schema.safeParse(parseJson(argument));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.map(String).join('.') || 'argument'}: ${issue.message}`);
  // Without braces: the caller's text must not look like the start of the facts.
  throw new ContractError('INVALID_INPUT', problems.join('; ').replace(/[{}]/g, '').slice(0, 1000));
}

function parseJson(argument: string): unknown {
  try {
    return JSON.parse(argument);
  } catch {
    throw new ContractError('INVALID_INPUT', 'The argument is not JSON.');
  }
}

/**
 * What was thrown, or for a fault of the contract an error of the table. The peer's log gets the cause; the message
 * contains nothing that the caller sent.
 */
export function codedError(thrown: unknown): ContractError {
  if (thrown instanceof ContractError) return thrown;
  console.error(thrown);
  const name = thrown instanceof Error ? thrown.name : 'unknown';
  return new ContractError('INTERNAL', `The contract failed (${name}).`);
}
