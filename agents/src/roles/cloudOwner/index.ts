import type { RoleModule } from '../roleModule.js';
import { CloudOwnerController } from './cloudOwnerController.js';

export const cloudOwner: RoleModule<'cloudOwner'> = {
  create: (context) => new CloudOwnerController(context),
  createFaulty: async (fault) => (await import('../../faults/cloudOwnerFaults.js')).cloudOwnerFaults[fault],
};
