import { errorsOf } from '@veritrain/client-sdk/errors';
import { agentsErrors } from './errorTable.js';

/** An error of the agents' own table. */
export const agentsError = errorsOf(agentsErrors);
