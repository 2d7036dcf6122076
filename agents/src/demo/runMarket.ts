import type { Gathered } from './gather.js';
import { Stage } from './stage.js';
import type { MarketRun } from './story.js';
import { tellStory } from './story.js';

/** Runs the whole market, each member as a process, to the couple's end. Stops all of it, however it ends. */
export async function runMarket(run: MarketRun): Promise<Gathered & { remarks: string[] }> {
  const failure = new AbortController();
  const signal = AbortSignal.any([run.signal, failure.signal]);
  const stage = new Stage(run.folder, run.progress, signal, (error) => failure.abort(error));
  try {
    const gathered = await tellStory({ ...run, signal }, stage);
    return { ...gathered, remarks: stage.remarks };
  } catch (error) {
    // What was under way failed only because of what the signal says.
    throw signal.aborted ? (signal.reason as Error) : error;
  } finally {
    await stage.clear();
  }
}
