import { actions } from './contracts/actions.js';
import { contractClasses } from './ledger/contractClasses.js';
import { guardRuntime } from './ledger/runtimeGuard.js';
import { quietLogs } from './ledger/quietLogs.js';

guardRuntime();
quietLogs();

/** The contracts that the chaincode runtime serves. */
export const contracts = contractClasses(actions);
