import { DataOwnerController } from '../roles/dataOwner/dataOwnerController.js';
import type { CreateController } from '../roles/roleModule.js';
import type { FaultOf } from '../roles/servedRoles.js';

class WithholdsLinks extends DataOwnerController {
  protected override start(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

export const dataOwnerFaults: Readonly<Record<FaultOf<'dataOwner'>, CreateController>> = {
  'withhold-link': (context, approval) => new WithholdsLinks(context, approval),
};
