import { errorsOf } from '@veritrain/client-sdk/errors';
import { commandErrors } from './commandErrors.js';

/** An error of the command's own table. */
export const commandError = errorsOf(commandErrors);
