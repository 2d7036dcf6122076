import { errorsOf } from '@veritrain/client-sdk/errors';
import { agentsErrors } from './agentsErrors.js';

/** Makes an error of the agents' table. */
export const agentsError = errorsOf(agentsErrors);
