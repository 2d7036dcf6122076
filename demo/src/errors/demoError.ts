import { errorsOf } from '@veritrain/client-sdk/errors';
import { demoErrors } from './demoErrors.js';

/** Makes an error of the demo's table. */
export const demoError = errorsOf(demoErrors);
