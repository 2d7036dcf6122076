import { actions } from './contracts/actions.js';
import { contractClasses } from './ledger/contractClasses.js';
import { bundleRequests } from './ledger/bundle.js';
import { dispatchCalls } from './ledger/dispatch.js';
import { quietLogs } from './ledger/quietLogs.js';

bundleRequests();
dispatchCalls();
quietLogs();

/** The contracts that the chaincode runtime serves. */
export const contracts = contractClasses(actions);
