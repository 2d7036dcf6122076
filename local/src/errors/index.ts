/** The errors of services on this machine. */
export { localError } from './localError.js';
export { localErrors } from './localErrors.js';
