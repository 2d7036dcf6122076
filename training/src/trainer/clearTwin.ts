import type { DataPackage } from '../data/package.js';
import type { Template } from '../data/template.js';
import { TrainingError } from '../errors.js';
import type { TrainedResult } from '../models/result.js';
import { inClear, type TrainingProgram } from '../program.js';
import { trainOnShard } from './host.js';
import { createModelOwnerTrainer, type SubsetUpdate } from './modelOwner.js';

/** What {@link trainInClear} needs. */
export interface ClearTwinInput {
  /** Its protection is taken as `plain`, whatever it says, and its data as not encrypted. */
  readonly program: TrainingProgram;
  /** The dataset's public facts. */
  readonly template: Template;
  /** By subset, with their rows. */
  readonly packages: readonly DataPackage[];
  /** Subsets whose updates were used, round by round. */
  readonly draws: readonly (readonly number[])[];
}

/** The clear twin's models, in input units. */
export interface ClearTwin {
  /** The model at the end. */
  readonly model: TrainedResult;
  /** The model after each round. */
  readonly rounds: readonly TrainedResult[];
}

/**
 * The same training in clear: same splits, draws and schedule, through the same trainer and host code. What an
 * encrypted run should give but for its noise.
 * @throws TrainingError VT7502 for a draw without package; as the trainer and the host
 */
export async function trainInClear(input: ClearTwinInput): Promise<ClearTwin> {
  const program = inClear(input.program);
  const context = { channel: 'local', chaincode: 'local', couple: 'local' };
  const secret = new Uint8Array(32); // a clear program keeps no secret
  const trainer = await createModelOwnerTrainer({ program, template: input.template, secret, ...context });
  const heKey = trainer.heKey();
  let state = trainer.initialState();
  const rounds: TrainedResult[] = [];
  for (const [index, subsets] of input.draws.entries()) {
    const attempt = index + 1;
    const model = await trainer.modelForRound(state, attempt);
    const updates: SubsetUpdate[] = [];
    for (const subset of subsets) {
      const opened = input.packages[subset];
      if (opened === undefined)
        throw new TrainingError('VT7502', `no package for subset ${subset}`, { subset });
      updates.push({
        subset,
        bytes: await trainOnShard({ package: opened, program, model, heKey, ...context, attempt }),
      });
    }
    ({ state } = await trainer.applyUpdates(state, attempt, updates));
    rounds.push(modelOf(trainer.result(state)));
  }
  return { model: modelOf(trainer.result(state)), rounds };
}

function modelOf({ family, parameters, features }: TrainedResult): TrainedResult {
  return { family, parameters, ...(features === undefined ? {} : { features }) };
}
