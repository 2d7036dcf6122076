/** A host’s side of a dataset: joins slots, fetches and keeps packages. */
export { heldDatasets } from './heldDatasets.js';
export { openInstancePackage } from './instancePackage.js';
export { joinInstances } from './joinInstances.js';
