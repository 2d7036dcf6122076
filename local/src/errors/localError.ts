import { errorsOf } from '@veritrain/client-sdk/errors';
import { localErrors } from './localErrors.js';

/** An error of the own table. */
export const localError = errorsOf(localErrors);
