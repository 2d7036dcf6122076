import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ContractError, parseErrorMessage, qualifiedName, transactionNames } from '../domain/index.js';

interface Answer {
  readonly status: number;
  readonly message: string;
}
/** What the runtime itself asks of the stub first; fabric-shim-api does not declare it. */
interface Stub {
  getBufferArgs(): Uint8Array[];
}
type Invoke = (this: unknown, stub: Stub) => Promise<Answer>;

/** The one function that Fabric's runtime offers beside the contracts: its answer is Fabric's own description of them. */
const fabricsOwn = 'org.hyperledger.fabric:GetMetadata';
const known: ReadonlySet<string> = new Set(transactionNames.map((name) => qualifiedName(name)));

/**
 * Stands before Fabric's contract runtime, which answers by itself, without a code and in the caller's own words, what
 * names no transaction or has other than one argument, and takes no arguments at all for a success. Its class has no
 * other place for that.
 */
export function guardRuntime(): void {
  const require = createRequire(join(__dirname, 'door.js'));
  const runtime = require('fabric-shim/lib/contract-spi/chaincodefromcontract.js') as {
    prototype: { invokeFunctionality?: Invoke };
  };
  const { error } = require('fabric-shim') as { error(message: string): Answer };
  const inner = runtime.prototype.invokeFunctionality;
  if (inner === undefined) throw new Error('this fabric-shim has another runtime: fit the door to it');
  runtime.prototype.invokeFunctionality = async function (stub) {
    const refusal = refusalOf(stub.getBufferArgs().map((bytes) => Buffer.from(bytes).toString('utf8')));
    if (refusal !== null) return error(refusal.message);
    const answer = await inner.call(this, stub);
    return answer.status < 400 || parseErrorMessage(answer.message) !== null
      ? answer
      : error(unforeseen.message);
  };
}

const unforeseen = new ContractError(
  'INTERNAL',
  'The contract’s runtime failed before the contract was asked.',
);

function refusalOf([name, ...given]: readonly string[]): ContractError | null {
  if (name === fabricsOwn && given.length === 0) return null;
  if (name !== undefined && !known.has(name)) {
    // Nothing but a name's characters: what comes back must not read as anything else.
    const said = name.slice(0, 100).replace(/[^\w.:-]/g, '?');
    return new ContractError('UNKNOWN_TRANSACTION', `There is no transaction ${said}.`);
  }
  if (name !== undefined && given.length === 1) return null;
  return new ContractError('WRONG_ARGUMENTS', 'A call is a transaction’s name and one argument.', {
    given: given.length,
    named: name !== undefined,
  });
}
