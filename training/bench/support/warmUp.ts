import { defineProgram } from '@veritrain/training';
import { allSubsets, packed, runBoth } from './sideBySide.js';
import { twoClasses } from './tables.js';

/** Loads the encryption and lets the compiler see both families, so that the first row is measured as the others are. */
export async function warmUp(): Promise<void> {
  const data = packed(twoClasses(300, 5), 2);
  for (const program of [defineProgram(), defineProgram({ family: 'logistic' })])
    await runBoth({ program, ...data, draws: allSubsets(6, 2) });
}
