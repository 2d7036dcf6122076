import type { Gathered } from './gather.js';
import { type Restart, Stage } from './stage.js';
import { type MarketRun, playStory } from './story.js';

/** Runs the whole market, each member as a process, to the couple's end. Stops all of it, however it ends. */
export async function runMarket(run: MarketRun): Promise<Gathered & { restarts: readonly Restart[] }> {
  const failure = new AbortController();
  const signal = AbortSignal.any([run.signal, failure.signal]);
  const stage = new Stage({ ...run, signal, fail: (error) => failure.abort(error) });
  try {
    const gathered = await playStory({ ...run, signal }, stage);
    return { ...gathered, restarts: stage.restarts };
  } catch (error) {
    // What was under way failed only because of what the signal says.
    throw signal.aborted ? (signal.reason as Error) : error;
  } finally {
    await stage.clear();
  }
}
