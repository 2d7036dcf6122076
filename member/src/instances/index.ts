/** A host’s side of a dataset: joins slots, fetches and keeps packages. @module */
export { heldDatasets } from './heldDatasets.js';
export { openInstancePackage } from './instancePackage.js';
export type { OpenContext } from './instancePackage.js';
export { joinInstances } from './joinInstances.js';
export type { JoinedInstances } from './joinInstances.js';
export type { AgreeToAddress } from './presignedPackage.js';
