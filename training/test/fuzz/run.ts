import { Chance } from './chance.js';
import type { Target, Training } from './target.js';

/** What came of the inputs of one target. */
export interface Report {
  readonly target: string;
  readonly inputs: number;
  readonly accepted: number;
  /** How many were refused, by code. */
  readonly refused: Readonly<Record<string, number>>;
  readonly failures: readonly Failure[];
  /** The longest time of one input. */
  readonly slowestMs: number;
}

/** An input that brought something else than a code. */
interface Failure {
  /** What repeats it, with the seed. */
  readonly case: string;
  readonly fault: string;
}

/** Longest message of an error: more would fill logs with what others sent. */
const MAX_MESSAGE = 2000;

/** Runs a target on inputs of a seed. @param first index of the first input @param beat told each case before it runs */
export async function fuzz(
  training: Training,
  target: Target,
  { seed, first = 0, count }: { seed: string; first?: number; count: number },
  beat: (name: string) => void = () => undefined,
): Promise<Report> {
  const refused: Record<string, number> = {};
  const failures: Failure[] = [];
  let accepted = 0;
  let slowestMs = 0;
  for (let index = first; index < first + count; index++) {
    const name = `${target.name}:${index}`;
    beat(name);
    const started = performance.now();
    try {
      await target.run(new Chance(seed, target.name, index));
      accepted++;
    } catch (error) {
      const code = codeOf(training, error);
      if (code === undefined) failures.push({ case: name, fault: faultOf(error) });
      else refused[code] = (refused[code] ?? 0) + 1;
    }
    slowestMs = Math.max(slowestMs, performance.now() - started);
  }
  return { target: target.name, inputs: count, accepted, refused, failures, slowestMs };
}

/** The code of a proper refusal. */
function codeOf(training: Training, error: unknown): string | undefined {
  if (!(error instanceof training.TrainingError)) return undefined;
  return error.message.length <= MAX_MESSAGE ? error.code : undefined;
}

function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `\n  cause: ${error.cause.message}` : '';
  const text = (error.stack ?? error.message).slice(0, 1500);
  return `${text}${cause.slice(0, 1500)} (message of ${error.message.length} characters)`;
}

/** Inputs of each target, by weight, `total` in all. */
export function sharesOf(targets: readonly Target[], total: number): Map<Target, number> {
  const weights = targets.reduce((sum, { weight }) => sum + weight, 0);
  return new Map(targets.map((target) => [target, Math.ceil((total * target.weight) / weights)]));
}
