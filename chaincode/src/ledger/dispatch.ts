import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ContractError, parseErrorMessage, qualifiedName, transactionNames } from '../domain/index.js';

interface Answer {
  readonly status: number;
  readonly message: string;
}
/** The method of the stub that the runtime calls first. fabric-shim-api does not declare it. */
interface Stub {
  getBufferArgs(): Uint8Array[];
}
type Invoke = (this: unknown, stub: Stub) => Promise<Answer>;

/** The one function that Fabric's runtime offers besides the contracts. It returns Fabric's own description of them. */
const fabricsOwn = 'org.hyperledger.fabric:GetMetadata';
const known: ReadonlySet<string> = new Set(transactionNames.map((name) => qualifiedName(name)));

/**
 * Checks each call before Fabric's contract runtime sees it. The runtime answers an unknown name or a wrong number of
 * arguments by itself, without a code and with the caller's own text, and takes a call without arguments for a success.
 * It has no extension point for this, so its method is replaced.
 */
export function guardRuntime(): void {
  const require = createRequire(join(__dirname, 'runtimeGuard.js'));
  const runtime = require('fabric-shim/lib/contract-spi/chaincodefromcontract.js') as {
    prototype: { invokeFunctionality?: Invoke };
  };
  const { error } = require('fabric-shim') as { error(message: string): Answer };
  const inner = runtime.prototype.invokeFunctionality;
  if (inner === undefined)
    throw new Error('this version of fabric-shim has another runtime: adapt runtimeGuard.ts to it');
  runtime.prototype.invokeFunctionality = async function (stub) {
    const refusal = refusalOf(stub.getBufferArgs().map((bytes) => Buffer.from(bytes).toString('utf8')));
    if (refusal !== null) return error(refusal.message);
    const answer = await inner.call(this, stub);
    return answer.status < 400 || parseErrorMessage(answer.message) !== null
      ? answer
      : error(unforeseen.message);
  };
}

const unforeseen = new ContractError('INTERNAL', 'Fabric’s runtime failed before it called the contract.');

function refusalOf([name, ...given]: readonly string[]): ContractError | null {
  if (name === fabricsOwn && given.length === 0) return null;
  if (name !== undefined && !known.has(name)) {
    // Only characters of a name, so the answer cannot imitate another message.
    const said = name.slice(0, 100).replace(/[^\w.:-]/g, '?');
    return new ContractError('UNKNOWN_TRANSACTION', `There is no transaction ${said}.`);
  }
  if (name !== undefined && given.length === 1) return null;
  return new ContractError('WRONG_ARGUMENTS', 'A call consists of a transaction’s name and one argument.', {
    given: given.length,
    named: name !== undefined,
  });
}
