import { mutatedBytes } from './bytes.js';
import type { Chance } from './chance.js';
import { mutatedJson } from './documents.js';
import { Broken, requireFinite, type Target, type Training } from './target.js';
import { context, type Round, type World } from './world.js';

/** What a couple's members read of each other, and a model owner of its own disk. */
export function messageTargets(training: Training, world: World): Target[] {
  const weight = world.program.protection === 'encrypted' ? 1 : 4;
  const messages = [world.trainer.heKey(), ...world.rounds.flatMap(({ model, update }) => [model, update])];
  const target = (name: string, run: Target['run']): Target => ({
    name: `${world.name} ${name}`,
    weight,
    run,
  });
  const bytesOf = (honest: Uint8Array, chance: Chance): Uint8Array => mutatedBytes(honest, messages, chance);
  const encryptedPackage = async (chance: Chance): Promise<void> => {
    const { program, template } = world;
    const mutated = bytesOf(world.packageBytes, chance);
    const opened = training.openEncryptedPackage(mutated, { program, template, ...context });
    await reply(training, { ...world, opened }, chance.of(world.rounds), {});
  };
  return [
    target('key', async (chance) => {
      const heKey = bytesOf(world.trainer.heKey(), chance);
      if (world.program.data === 'encrypted')
        await training.encryptPackage({ package: world.rows, program: world.program, heKey, ...context });
      await reply(training, world, chance.of(world.rounds), { heKey });
    }),
    target('model', async (chance) => {
      const round = chance.of(world.rounds);
      await reply(training, world, round, { model: bytesOf(round.model, chance) });
    }),
    target('update', async (chance) => {
      const round = chance.of(world.rounds);
      await apply(world, round, round.state, bytesOf(round.update, chance));
    }),
    ...(world.program.data === 'encrypted' ? [target('package', encryptedPackage)] : []),
    target('state', async (chance) => {
      const round = chance.of(world.rounds);
      const honest = chance.of([round.state, world.last]);
      const state = mutatedJson(honest, chance) as typeof honest;
      requireFinite(world.trainer.result(state), 'the result of a mutated state');
      const model = await world.trainer.modelForRound(state, 3);
      await taken(() => reply(training, world, { ...round, attempt: 3, model }, {}));
      await apply(world, { ...round, attempt: 3 }, state, undefined);
      await apply(world, round, { ...state, attempt: 0 }, round.update);
    }),
  ];
}

async function reply(
  training: Training,
  { opened, program, trainer, rounds }: World,
  { attempt, model }: Round,
  mutated: Partial<Record<'heKey' | 'model', Uint8Array>>,
): Promise<void> {
  const job = { package: opened, program, model, heKey: trainer.heKey(), ...context, attempt, ...mutated };
  const update = await training.trainOnShard(job);
  const sizes = rounds.map((round) => round.update.length);
  if (!sizes.includes(update.length)) throw new Broken(`a reply of ${update.length} bytes`);
}

/** Applies an update, or none: what comes of it must be a state that can be saved, read again and shown. */
async function apply(
  { trainer }: World,
  { attempt, others }: Pick<Round, 'attempt' | 'others'>,
  state: ReturnType<World['trainer']['initialState']>,
  update: Uint8Array | undefined,
): Promise<void> {
  const updates = update === undefined ? [] : [{ subset: 0, bytes: update }, ...others];
  if (update !== undefined) trainer.checkUpdate(state, update, attempt, 0);
  const { state: next, metrics } = await trainer.applyUpdates(state, attempt, updates);
  requireFinite(metrics, 'the metrics');
  requireFinite(next, 'the next state');
  const saved = JSON.parse(JSON.stringify(next)) as typeof next;
  requireFinite(await taken(() => trainer.result(saved)), 'the result');
  await taken(() => trainer.modelForRound(saved, attempt + 1));
}

/** What comes of something that the trainer gave out itself: a refusal would be its fault. */
async function taken<Value>(run: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await run();
  } catch (error) {
    throw new Broken('what the trainer gave out is refused', { cause: error });
  }
}
