import type { RoleModule } from '../roleModule.js';
import { DataOwnerController } from './dataOwnerController.js';

export const dataOwner: RoleModule<'dataOwner'> = {
  create: (context, approval) => new DataOwnerController(context, approval),
  createFaulty: async (fault) => (await import('../../faults/dataOwnerFaults.js')).dataOwnerFaults[fault],
};
