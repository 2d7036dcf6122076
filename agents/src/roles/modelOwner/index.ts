import type { RoleModule } from '../roleModule.js';
import { ModelOwnerController } from './modelOwnerController.js';

export const modelOwner: RoleModule<'modelOwner'> = {
  create: (context) => new ModelOwnerController(context),
  createFaulty: async (fault) => (await import('../../faults/modelOwnerFaults.js')).modelOwnerFaults[fault],
};
