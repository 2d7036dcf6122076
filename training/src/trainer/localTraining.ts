import { randomBytes } from 'node:crypto';
import type { DataPackage } from '../data/package.js';
import type { Template } from '../data/template.js';
import { TrainingError } from '../errors.js';
import type { TrainedResult } from '../models/result.js';
import { inClear, type TrainingProgram } from '../program.js';
import { encryptPackage, openEncryptedPackage } from './encryptedPackage.js';
import { trainOnShard } from './host.js';
import { createModelOwnerTrainer, type SubsetUpdate } from './modelOwner.js';

/** A training whose members are all in this process. */
export interface LocalTraining {
  /** What to train. */
  readonly program: TrainingProgram;
  /** The dataset's public facts. */
  readonly template: Template;
  /** By subset, with their rows. */
  readonly packages: readonly DataPackage[];
  /** Subsets whose updates are used, round by round. */
  readonly draws: readonly (readonly number[])[];
}

/** The models of a local training, in the units of the table. */
export interface LocalModels {
  /** The model at the end. */
  readonly model: TrainedResult;
  /** The model after each round. */
  readonly rounds: readonly TrainedResult[];
}

const context = { channel: 'local', chaincode: 'local', couple: 'local' };

/**
 * Trains as a market does, with every member in this process: each model is encrypted, each reply computed on the ciphertext,
 * sanitised and decrypted. A program on encrypted data gets its packages encrypted, too.
 * @param training the training; `secret`, the model owner's 32 bytes, is random by default, and the same one gives the same bytes
 * @throws TrainingError VT7502 for a draw without package; as the trainer and the host
 */
export function trainEncrypted(
  training: LocalTraining & { readonly secret?: Uint8Array | undefined },
): Promise<LocalModels> {
  return trainLocally(training, training.secret ?? randomBytes(32));
}

/**
 * The same training in clear: same splits, draws and schedule, through the same trainer and host code. What
 * {@link trainEncrypted} should give but for its noise.
 * @param training the training; its program's protection is taken as `plain`, whatever it says, and its data as not encrypted
 * @throws TrainingError VT7502 for a draw without package; as the trainer and the host
 */
export function trainInClear(training: LocalTraining): Promise<LocalModels> {
  const secret = new Uint8Array(32); // a clear program keeps no secret
  return trainLocally({ ...training, program: inClear(training.program) }, secret);
}

async function trainLocally(training: LocalTraining, secret: Uint8Array): Promise<LocalModels> {
  const { program, template, draws } = training;
  const trainer = await createModelOwnerTrainer({ program, template, secret, ...context });
  const heKey = trainer.heKey();
  const packages = await forHosts(training, heKey);
  let state = trainer.initialState();
  const rounds: TrainedResult[] = [];
  for (const [index, subsets] of draws.entries()) {
    const attempt = index + 1;
    const model = await trainer.modelForRound(state, attempt);
    const updates: SubsetUpdate[] = [];
    for (const subset of subsets) {
      const opened = packages[subset];
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

/** What hosts train on: the rows, or what data owners encrypt of them. */
async function forHosts(
  { program, template, packages }: LocalTraining,
  heKey: Uint8Array,
): Promise<readonly DataPackage[]> {
  if (program.data === undefined) return packages;
  const opened: DataPackage[] = [];
  for (const each of packages) {
    const bytes = await encryptPackage({ package: each, program, heKey, ...context });
    opened.push(openEncryptedPackage(bytes, { program, template, ...context }));
  }
  return opened;
}

function modelOf({ family, parameters, features }: TrainedResult): TrainedResult {
  return { family, parameters, ...(features === undefined ? {} : { features }) };
}
