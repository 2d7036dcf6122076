import type { RoundView } from '@veritrain/client-sdk';
import { canonicalHash } from '@veritrain/client-sdk/protocol';
import type { Closing, Updates } from '../roles/modelOwner/closing.js';
import { ModelOwnerController } from '../roles/modelOwner/modelOwnerController.js';
import type { CreateController } from '../roles/roleModule.js';
import type { FaultOf } from '../roles/servedRoles.js';

class ClosesWithWrongDigests extends ModelOwnerController {
  protected override updatesOf(): Updates {
    return { winner: (round, subsetIndex) => Promise.resolve({ digest: wrongDigest(round, subsetIndex) }) };
  }
}

const wrongDigest = ({ coupleId, attempt }: RoundView, subsetIndex: number): string =>
  canonicalHash('veritrain/fault/1', [coupleId, attempt.toString(), subsetIndex.toString()]);

class NeverCloses extends ModelOwnerController {
  protected override close(): Promise<Closing> {
    return Promise.resolve({ closed: false, awaited: [] });
  }
}

class WithholdsModels extends ModelOwnerController {
  protected override putModel(): Promise<void> {
    return Promise.resolve();
  }

  protected override keepObjects(): Promise<void> {
    return Promise.resolve();
  }
}

export const modelOwnerFaults: Readonly<Record<FaultOf<'modelOwner'>, CreateController>> = {
  'wrong-digest': (context) => new ClosesWithWrongDigests(context),
  'never-close': (context) => new NeverCloses(context),
  'withhold-model': (context) => new WithholdsModels(context),
};
