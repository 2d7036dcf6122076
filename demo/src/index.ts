/** A whole market on this machine, run once as a demonstration: `runDemo` emits events, and writes the report. */
export { runDemo } from './runDemo.js';
export type { DemoOutcome, DemoSurroundings } from './runDemo.js';
export { builtInTable } from './prepare.js';
export type { DemoOptions } from './prepare.js';
export type { DemoEvent, LedgerFacts, Tell, VaultFacts, Work } from './events.js';
export { demoResultSchema } from './result.js';
export type { DemoResult, LedgerKind } from './result.js';
export { whyNoLiar } from './slots.js';
