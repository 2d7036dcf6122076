import { type Context, Contract, Param, Returns, Transaction } from 'fabric-contract-api';
import {
  contractNames,
  transactionNames,
  transactions,
  type ContractName,
  type TransactionName,
} from '../domain/index.js';
import { execute, type Action } from './execute.js';

type Actions = { readonly [Name in TransactionName]: Action<Name> };
type ContractClass = new () => Contract;

/** The classes that Fabric's runtime serves: one for each contract of the table, with a method for each transaction. */
export const contractClasses = (actions: Actions): ContractClass[] =>
  contractNames.map((contract) => {
    const served = contractClass(contract);
    for (const name of transactionNames)
      if (transactions[name].contract === contract)
        addMethod(served, name, actions[name] as Action<typeof name>);
    return served;
  });

function contractClass(name: ContractName): ContractClass {
  const served = class extends Contract {
    constructor() {
      super(name);
    }
  };
  return Object.defineProperty(served, 'name', { value: name });
}

/** Fabric's decorators are functions, so this code applies them without decorator syntax. */
function addMethod<Name extends TransactionName>(
  { prototype }: ContractClass,
  name: Name,
  action: Action<Name>,
): void {
  // Fabric reads the parameter names from the method's source.
  const value = ({ stub }: Pick<Context, 'stub'>, argument: string): Promise<string> =>
    execute(stub, name, argument, action);
  Object.defineProperty(prototype, name, { value });
  Transaction(transactions[name].kind === 'submit')(prototype, name);
  Param('argument', 'string')(prototype, name);
  Returns('string')(prototype, name);
}
