import { type ProgramOptions, type RunningProgram, startProgram } from './program.js';

export interface ServiceOptions<Facts> {
  /** How errors call the service. */
  readonly name: string;
  readonly readyWithinMs: number;
  readonly signal: AbortSignal | undefined;
  /** Resolves once the service takes requests. The signal fires when nobody waits for that any more. */
  readonly ready: (signal: AbortSignal) => Promise<Facts>;
}

/**
 * Starts a program and waits until it serves.
 * @throws Error with the last words of a program that ended, or was not ready in time; it is then killed
 */
export async function startService<Facts extends object>(
  program: string,
  { name, readyWithinMs, signal, ready, ...options }: ProgramOptions & ServiceOptions<Facts>,
): Promise<Facts & RunningProgram> {
  const running = await startProgram(program, options).catch((cause: unknown) => {
    throw new Error(`${name} did not start: ${(cause as Error).message}`, { cause });
  });
  const gone = running.ended.then((how) => {
    throw new Error(`it ended with ${how.toString()}`);
  });
  const decided = new AbortController();
  const given = signal === undefined ? [] : [signal];
  const until = AbortSignal.any([decided.signal, AbortSignal.timeout(readyWithinMs), ...given]);
  try {
    const facts = await Promise.race([ready(until), gone, aborted(until)]);
    return { ...facts, ...running };
  } catch (cause) {
    await running.kill();
    throw new Error(`${name} did not start: ${running.lastWords()}`, { cause });
  } finally {
    decided.abort();
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const giveUp = (): void => reject(signal.reason as Error);
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
