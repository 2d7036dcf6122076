import { errorsOf } from '@veritrain/client-sdk/errors';
import { demoErrors } from './demoErrors.js';

/** An error of the demo's own table. */
export const demoError = errorsOf(demoErrors);
