import { actions } from './contracts/actions.js';
import { contractClasses } from './ledger/contractClasses.js';
import { guardRuntime } from './ledger/door.js';
import { quietLogs } from './ledger/quietLogs.js';

guardRuntime();
quietLogs();

/** What the chaincode runtime serves. */
export const contracts = contractClasses(actions);
