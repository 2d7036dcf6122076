import { cloudOwner } from './cloudOwner/index.js';
import { dataOwner } from './dataOwner/index.js';
import { modelOwner } from './modelOwner/index.js';
import type { RoleModule } from './roleModule.js';
import type { ServedRole } from './servedRoles.js';

/** The roles that have an agent. */
export const roleModules: { readonly [R in ServedRole]: RoleModule<R> } = {
  dataOwner,
  cloudOwner,
  modelOwner,
};
