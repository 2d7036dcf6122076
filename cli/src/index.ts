/** What programs that call the command read: its output and its exit statuses. */
export { commandErrors } from './errors/commandErrors.js';
export { envelopeSchema, itemLineSchema } from './envelope.js';
export type { Envelope, ItemLine } from './envelope.js';
export { exitStatus } from './envelope.js';
export type { ExitStatus } from './envelope.js';
