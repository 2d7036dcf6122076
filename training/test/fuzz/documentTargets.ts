import type { z } from 'zod';
import { rowTableOf } from '../../src/data/split.js';
import { cut } from '../../src/testing/packages.js';
import { mutatedBytes } from './bytes.js';
import type { Chance } from './chance.js';
import { jsonText, mutatedJson } from './documents.js';
import { twoClassTable } from './tables.js';
import { Broken, requireFinite, type Target, type Training } from './target.js';
import { context, type World } from './world.js';

/** Packages, templates, programs and results: what stands in the vault or comes as a file. */
export function documentTargets(training: Training, worlds: readonly World[]): Target[] {
  return [
    ...worlds
      .filter(({ program }) => program.protection === 'plain')
      .map((world) => packageTarget(training, world)),
    privatePackageTarget(training),
    templateTarget(training, worlds),
    programTarget(training, worlds),
    resultTarget(training, worlds),
  ];
}

function packageTarget(training: Training, world: World): Target {
  const { packages, program, template } = world;
  const use = { program, template };
  return {
    name: `${world.name} package`,
    weight: 8,
    async run(chance) {
      const bytes = mutatedBytes(world.packageBytes, packages, chance);
      const whole = await outcomeOf(training, () => training.openPackage(bytes, use));
      const pieces = cut(bytes, 1 + chance.below(97), 1 + chance.below(4096));
      const streamed = await outcomeOf(training, () => training.readPackage(pieces, use));
      if (whole.outcome !== streamed.outcome)
        throw new Broken(`whole: ${whole.outcome}, as a stream: ${streamed.outcome}`);
      if (whole.opened === undefined) throw whole.error;
      const { model } = world.rounds[0];
      const heKey = world.trainer.heKey();
      const job = { package: whole.opened, program, model, heKey, ...context, attempt: 1 };
      await training.trainOnShard(job);
    },
  };
}

/** A package of a private dataset: moments in place of rows. */
function privatePackageTarget(training: Training): Target {
  const privacy = { epsilon: 3, observed: true };
  const { template, moments } = training.splitPrivately(rowTableOf(twoClassTable), {
    subsets: 2,
    privacy,
    seed: new Uint8Array(32),
  });
  const packages = moments.map((of, subset) =>
    training.encodePrivatePackage({ template, subset, moments: of, shardSecret: new Uint8Array(32) }),
  );
  return {
    name: 'private package',
    weight: 8,
    async run(chance) {
      const bytes = mutatedBytes(chance.of(packages), packages, chance);
      const whole = await outcomeOf(training, () => training.openPackage(bytes));
      const pieces = cut(bytes, 1 + chance.below(97), 1 + chance.below(4096));
      const streamed = await outcomeOf(training, () => training.readPackage(pieces));
      if (whole.outcome !== streamed.outcome)
        throw new Broken(`whole: ${whole.outcome}, as a stream: ${streamed.outcome}`);
      if (whole.opened === undefined) throw whole.error;
      const program = training.defineProgram({ protection: 'plain' });
      const opened = whole.opened;
      const draws = [[0], [0]];
      const { model } = await training.trainInClear({ program, template, packages: [opened, opened], draws });
      requireFinite(model, 'the model of a mutated private package');
    },
  };
}

async function outcomeOf(
  training: Training,
  open: () => ReturnType<Training['openPackage']> | Promise<ReturnType<Training['openPackage']>>,
) {
  try {
    const opened = await open();
    return { outcome: opened.digest, opened };
  } catch (error) {
    if (!(error instanceof training.TrainingError)) throw error;
    return { outcome: error.message, error };
  }
}

function templateTarget(training: Training, worlds: readonly World[]): Target {
  return {
    name: 'template',
    weight: 8,
    async run(chance) {
      const world = chance.of(worlds.filter(({ program }) => program.protection === 'plain'));
      const template = documentOf(world.template, chance, training.decodeTemplate, training.parseTemplate);
      await settle(training, () => trainWith(training, world, template));
      requireFinite(training.firstModel(world.program, template), 'the first model');
      const decoded = training.decodeTemplate(training.encodeTemplate(template));
      if (training.templateDigest(decoded) !== training.templateDigest(template))
        throw new Broken('a template changes when it is written and read');
    },
  };
}

/** A round under another template: hosts do not see it, so they reply as ever. */
async function trainWith(training: Training, world: World, template: World['template']): Promise<void> {
  const { program, opened } = world;
  const secret = new Uint8Array(32);
  const trainer = await training.createModelOwnerTrainer({ program, template, secret, ...context });
  const heKey = trainer.heKey();
  const model = await trainer.modelForRound(trainer.initialState(), 1);
  const job = { package: opened, program, model, heKey, ...context, attempt: 1 };
  const updates = [{ subset: 0, bytes: await training.trainOnShard(job) }];
  const { state } = await trainer.applyUpdates(trainer.initialState(), 1, updates);
  requireFinite(trainer.result(state), 'the result under a mutated template');
}

function programTarget(training: Training, worlds: readonly World[]): Target {
  return {
    name: 'program',
    weight: 8,
    async run(chance) {
      const { program: honest, template, rows } = chance.of(worlds);
      const program = documentOf(honest, chance, training.decodeProgram, training.parseProgram);
      const decoded = training.decodeProgram(training.encodeProgram(program));
      if (training.programDigest(decoded) !== training.programDigest(program))
        throw new Broken('a program changes when it is written and read');
      training.messageSizes(program, template.features);
      training.programExposes(program);
      if (program.family !== honest.family) return;
      const packages = [rows, rows];
      const { model } = await training.trainInClear({ program, template, packages, draws: [[0], [0]] });
      requireFinite(model, 'the model of a mutated program');
    },
  };
}

function resultTarget(training: Training, worlds: readonly World[]): Target {
  const honest = worlds.map(({ trainer, last, table }) => ({ result: trainer.result(last), table }));
  return {
    name: 'result',
    weight: 8,
    run: (chance) =>
      Promise.resolve().then(() => {
        const { result, table } = chance.of(honest);
        const mutated = takenBy(training, training.trainedResultSchema, mutatedJson(result, chance));
        const predictions = training.predict(table, mutated);
        training.classesOf(mutated, predictions);
        training.evaluateModel(table, mutated);
        training.evaluateClasses(table, mutated);
        training.evaluateSeveralClasses(table, mutated);
      }),
  };
}

/** What a schema takes. Its refusal is its result, not an error: here it is one with a code. */
export function takenBy<Value>(training: Training, schema: z.ZodType<Value>, value: unknown): Value {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new training.TrainingError('VT7501', 'the schema refuses it');
  return parsed.data;
}

/** A mutated document, read as bytes or as a value. */
export function documentOf<Document>(
  honest: Document,
  chance: Chance,
  decode: (bytes: Uint8Array) => Document,
  parse: (value: unknown) => Document,
): Document {
  const kind = chance.below(4);
  if (kind === 0) return parse(mutatedJson(honest, chance));
  if (kind === 1) return decode(jsonText(mutatedJson(honest, chance), chance));
  const text = jsonText(honest, chance);
  return decode(
    mutatedBytes(kind === 2 ? text : jsonText(mutatedJson(honest, chance), chance), [text], chance),
  );
}

/** Runs what may refuse with a code, and goes on. */
async function settle(training: Training, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof training.TrainingError)) throw error;
  }
}
