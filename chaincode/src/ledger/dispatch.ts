import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ChaincodeStub } from 'fabric-shim-api';
import { ContractError, qualifiedName, transactionNames } from '../domain/index.js';
import { codedError } from './execute.js';

interface Answer {
  readonly status: number;
  readonly message: string;
}
/** The method of the stub that the runtime calls first. fabric-shim-api does not declare it. */
interface Stub extends ChaincodeStub {
  getBufferArgs(): Uint8Array[];
}
type Served = Readonly<
  Record<string, (context: { readonly stub: Stub }, argument: string) => Promise<string>>
>;
interface Runtime {
  readonly contractImplementations: Readonly<Record<string, { readonly contractInstance: Served }>>;
}
type Invoke = (this: Runtime, stub: Stub) => Promise<Answer>;

/** The one function that Fabric's runtime offers besides the contracts. It returns Fabric's own description of them. */
const fabricsOwn = 'org.hyperledger.fabric:GetMetadata';
const known: ReadonlySet<string> = new Set(transactionNames.map((name) => qualifiedName(name)));

/**
 * Calls the contracts' methods in place of Fabric's contract runtime, which has no extension point for it. The runtime
 * answers an unknown name or a wrong number of arguments without a code and with the caller's own text, and takes a call
 * without arguments for a success. And for each call it reads the caller's certificate and compiles a JSON schema that
 * says `string`: a quarter of a transaction's processor time.
 */
export function dispatchCalls(): void {
  const require = createRequire(join(__dirname, 'dispatch.js'));
  const runtime = require('fabric-shim/lib/contract-spi/chaincodefromcontract.js') as {
    prototype: { invokeFunctionality?: Invoke };
  };
  const { error, success } = require('fabric-shim') as {
    error(message: string): Answer;
    success(payload: Uint8Array): Answer;
  };
  const inner = runtime.prototype.invokeFunctionality;
  if (inner === undefined)
    throw new Error('this version of fabric-shim has another runtime: adapt dispatch.ts to it');
  runtime.prototype.invokeFunctionality = async function (stub) {
    const [name, ...given] = stub.getBufferArgs().map((bytes) => Buffer.from(bytes).toString('utf8'));
    if (name === fabricsOwn && given.length === 0) return inner.call(this, stub);
    try {
      return success(Buffer.from(await answerOf(this, stub, name, given)));
    } catch (failure) {
      return error(codedError(failure).message);
    }
  };
}

async function answerOf(
  { contractImplementations }: Runtime,
  stub: Stub,
  name: string | undefined,
  given: readonly string[],
): Promise<string> {
  if (name !== undefined && !known.has(name)) {
    // Only characters of a name, so the answer cannot imitate another message.
    const said = name.slice(0, 100).replace(/[^\w.:-]/g, '?');
    throw new ContractError('UNKNOWN_TRANSACTION', `There is no transaction ${said}.`);
  }
  const [argument] = given;
  if (name === undefined || argument === undefined || given.length !== 1) {
    const message = 'A call consists of a transaction’s name and one argument.';
    const facts = { given: given.length, named: name !== undefined };
    throw new ContractError('WRONG_ARGUMENTS', message, facts);
  }
  const [contract = '', transaction = ''] = name.split(':');
  const method = contractImplementations[contract]?.contractInstance[transaction];
  if (method === undefined) throw new Error(`Fabric's runtime does not serve ${name}.`);
  return method({ stub }, argument);
}
