import { splitForPackages } from './tables.js';
import type { Training } from './target.js';

type Table = Parameters<typeof splitForPackages>[1];

type Trainer = Awaited<ReturnType<Training['createModelOwnerTrainer']>>;
type State = ReturnType<Trainer['initialState']>;
type Program = ReturnType<Training['parseProgram']>;
type Package = ReturnType<Training['openPackage']>;

/** A round of an honest couple. */
export interface Round {
  readonly attempt: number;
  /** Before the round. */
  readonly state: State;
  readonly model: Uint8Array;
  /** Of subset 0. */
  readonly update: Uint8Array;
  /** Of the other subsets of its batch; none where updates are not added up. */
  readonly others: readonly { readonly subset: number; readonly bytes: Uint8Array }[];
}

/** An honest couple, two rounds long: the first with a set-up where the family has one. */
export interface World {
  readonly name: string;
  readonly program: Program;
  /** What it learns from. */
  readonly table: Table;
  /** All packages of the split. */
  readonly packages: readonly Uint8Array[];
  readonly trainer: Trainer;
  readonly template: ReturnType<Training['parseTemplate']>;
  /** What hosts of subset 0 get. */
  readonly packageBytes: Uint8Array;
  readonly opened: Package;
  /** The same with its rows, opened for the family. */
  readonly rows: Package;
  readonly rounds: readonly [Round, Round];
  readonly last: State;
}

/** Where all worlds train. */
export const context = { channel: 'fuzz', chaincode: 'fuzz', couple: 'tc_fuzz' };

/** The couple of a program. */
export async function makeWorld(
  training: Training,
  name: string,
  program: Program,
  { table, aggregation }: { readonly table: Table; readonly aggregation?: 'sum' | undefined },
): Promise<World> {
  const { template, packages } = splitForPackages(training, table, aggregation);
  const [rowBytes = new Uint8Array(0), ...more] = packages;
  const open = (bytes: Uint8Array): Package => training.openPackage(bytes, { program, template });
  const rows = open(rowBytes);
  const batch = aggregation === 'sum' ? more.map(open) : [];
  const secret = new Uint8Array(32).fill(5);
  const trainer = await training.createModelOwnerTrainer({ program, template, secret, ...context });
  const isEncrypted = program.data === 'encrypted';
  const packageBytes = isEncrypted
    ? await training.encryptPackage({ package: rows, program, heKey: trainer.heKey(), ...context })
    : rowBytes;
  const opened = isEncrypted
    ? training.openEncryptedPackage(packageBytes, { program, template, ...context })
    : rows;
  const round = async (state: State, attempt: number): Promise<Round & { next: State }> => {
    const model = await trainer.modelForRound(state, attempt);
    const job = { program, model, heKey: trainer.heKey(), ...context, attempt };
    const update = await training.trainOnShard({ ...job, package: opened });
    const others = [];
    for (const other of batch)
      others.push({
        subset: other.subset,
        bytes: await training.trainOnShard({ ...job, package: other }),
      });
    const { state: next } = await trainer.applyUpdates(state, attempt, [
      { subset: 0, bytes: update },
      ...others,
    ]);
    return { attempt, state, model, update, others, next };
  };
  const first = await round(trainer.initialState(), 1);
  const second = await round(first.next, 2);
  return {
    name,
    program,
    table,
    packages,
    trainer,
    template,
    packageBytes,
    opened,
    rows,
    rounds: [first, second],
    last: second.next,
  };
}
