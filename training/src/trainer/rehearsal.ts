import { groupsOf, MIN_BATCH } from '../data/batches.js';
import { encodePackage, type DataPackage } from '../data/package.js';
import type { Template } from '../data/template.js';
import { Drbg } from '../drbg.js';
import { ofSubset } from '../messages/frame.js';
import type { TrainingProgram } from '../program.js';
import type { WorkOptions } from '../work.js';
import { prepareShard, trainOnShard } from './host.js';
import { createModelOwnerTrainer } from './modelOwner.js';
import { openPackage } from './openedPackage.js';

/** What {@link rehearse} needs. */
export interface RehearsalInput extends WorkOptions {
  /** What to train. */
  readonly program: TrainingProgram;
  /** The dataset's public facts. */
  readonly template: Template;
  /** Subsets that a round draws; of a dataset whose replies are added up, whole batches until there are so many. */
  readonly drawn: number;
}

/**
 * What members compute: a host makes of its shard what its replies need, the model owner encrypts its query, the host replies, the
 * model owner applies the updates of all drawn subsets. A host has read its package before: how long that takes depends on its rows.
 */
export type RehearsalStep = 'prepare' | 'query' | 'reply' | 'apply';

/** Takes a step, and looks at it from outside: with a clock, say. */
export type TakeStep = <Value>(step: RehearsalStep, take: () => Promise<Value>) => Promise<Value>;

const context = { channel: 'rehearsal', chaincode: 'rehearsal', couple: 'rehearsal' };
/** Nobody's rows need no secret. */
const secret = new Uint8Array(32);
/** Rows of a made-up subset. A step has only their sums, so it computes as much as with millions. */
const ROWS = 16;

/**
 * Two rounds with every member in this process, on a few made-up rows of the dataset's columns. Each kind of step is taken several
 * times: the last one is like those of a training's later rounds, in which nothing is loaded and no set-up is owed. The hosts of one subset, or
 * of one batch, stand for all that are drawn: the model owner gets their replies once for each.
 * @returns whether it went as a training would; false for private datasets and encrypted data, whose rows it cannot make up, and where
 * the model owner could not use a reply
 * @throws TrainingError as the trainer and the host; VT7511
 */
export async function rehearse(input: RehearsalInput, step: TakeStep): Promise<boolean> {
  const { program, template, drawn, ...work } = input;
  if (program.data !== undefined || template.privacy !== undefined) return false;
  const dataset = madeUpTemplate(template);
  const groups = groupsOf(dataset);
  const hosts = (groups[0] ?? []).map((subset) => madeUpPackage(program, dataset, subset));
  const drawnGroups = groups.slice(0, Math.ceil(drawn / hosts.length));
  const trainer = await createModelOwnerTrainer({ program, template: dataset, secret, ...context });
  for (const host of hosts) await step('prepare', () => prepareShard({ package: host, program, ...work }));
  const job = { program, heKey: trainer.heKey(), ...context, ...work };
  let state = trainer.initialState();
  let isUsable = true;
  for (const attempt of [1, 2]) {
    const current = state;
    const model = await step('query', () => trainer.modelForRound(current, attempt));
    const replies: Uint8Array[] = [];
    for (const host of hosts)
      replies.push(await step('reply', () => trainOnShard({ ...job, package: host, model, attempt })));
    const updates = drawnGroups.flatMap((group) =>
      replies.map((bytes, place) => {
        const subset = group[place] ?? 0;
        return { subset, bytes: ofSubset(bytes, subset) };
      }),
    );
    const applied = await step('apply', () => trainer.applyUpdates(current, attempt, updates, work));
    state = applied.state;
    isUsable &&= applied.metrics.unusable.length === 0;
  }
  return isUsable;
}

/** The same columns and statistics, over a few rows in subsets of one size; in batches of one size, too. */
function madeUpTemplate(template: Template): Template {
  const { length } = template.subsetRows;
  const subsets = template.aggregation === 'sum' ? length - (length % MIN_BATCH) : length;
  return { ...template, rows: ROWS * subsets, subsetRows: Array.from({ length: subsets }, () => ROWS) };
}

function madeUpPackage(program: TrainingProgram, template: Template, subset: number): DataPackage {
  const { features, aggregation } = template;
  const drbg = new Drbg(Buffer.from(`veritrain/rehearsal/1 ${subset}`));
  const uniform = (): number => drbg.below(2 ** 32) / 2 ** 31 - 1;
  const classes = classTargets(program, template);
  const shard = {
    ...{ subset, rows: ROWS, features },
    values: Float64Array.from({ length: ROWS * features }, uniform),
    targets: Float64Array.from({ length: ROWS }, (_, row) => classes[row % classes.length] ?? uniform()),
  };
  const maskSecret = aggregation && secret;
  return openPackage(encodePackage({ template, shard, shardSecret: secret, maskSecret }), {
    program,
    template,
  });
}

/**
 * The classes of a target, standardised; none of a number. A rare class is left out: its squares would be more than those of a
 * standardised column.
 */
function classTargets({ head }: TrainingProgram, { subsetRows, statistics }: Template): readonly number[] {
  const classes: unknown = 'classes' in head ? head.classes : undefined;
  if (!Array.isArray(classes)) return [];
  const { targetMean, targetScale } = statistics;
  return classes
    .map((value) => (Number(value) - targetMean) / targetScale)
    .filter((value) => value ** 2 <= subsetRows.length);
}
