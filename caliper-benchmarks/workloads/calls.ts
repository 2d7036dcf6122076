import type { InputOf, TransactionName } from '@veritrain/client-sdk/protocol';
import type { PreparedIdentity } from './preparedMarket.js';

/** A transaction of the market's contract that a member sends. */
export interface Call<Name extends TransactionName = TransactionName> {
  readonly member: PreparedIdentity;
  readonly transaction: Name;
  readonly input: InputOf<Name>;
}

/** A transaction of any other contract on the market's channel. */
export interface ContractCall {
  readonly member: PreparedIdentity;
  /** Name of the chaincode on the channel. */
  readonly contractId: string;
  /** The chaincode's name of the function, such as `UpdateTJ` or `OamContract:UpdateTJ`. */
  readonly contractFunction: string;
  readonly argument: string;
}

/** The contract's name of a transaction, such as `SubmitUpdate`. */
export function transactionOf(call: Call | ContractCall): string {
  if ('transaction' in call) return call.transaction;
  return call.contractFunction.slice(call.contractFunction.indexOf(':') + 1);
}
