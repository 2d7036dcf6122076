/** A whole market on this machine, run once as a demonstration: `runDemo` tells what happens, and writes the report. */
export { runDemo } from './runDemo.js';
export type { DemoOutcome, DemoSurroundings } from './runDemo.js';
export { builtInTable } from './options.js';
export type { DemoOptions } from './options.js';
export type { DemoEvent, LedgerFacts, Tell, VaultFacts, Work } from './events.js';
export { demoResultSchema } from './result.js';
export type { DemoResult, LedgerKind } from './result.js';
export { whyNoLiar } from './whyNoLiar.js';
