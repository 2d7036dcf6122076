/** A host’s side of a dataset: join, fetch and keep packages. */
export { heldDatasets } from './heldDatasets.js';
export { openInstancePackage } from './instancePackage.js';
export { joinInstances } from './joinInstances.js';
