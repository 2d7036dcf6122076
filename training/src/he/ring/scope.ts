import type { Resident } from './backend.js';

/** Notes handles for release; gives them back. */
export type Hold = <const Handles extends readonly Resident[]>(handles: Handles) => Handles;

/** Runs a computation, and releases at its end everything that it held, also where it fails. */
export async function withScope<Value>(work: (hold: Hold) => Promise<Value>): Promise<Value> {
  const held: Resident[] = [];
  try {
    return await work((handles) => {
      held.push(...handles);
      return handles;
    });
  } finally {
    for (const handle of held) handle.release();
  }
}
