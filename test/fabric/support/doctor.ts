import { join } from 'node:path';
import { envelopeSchema } from '@veritrain/cli';
import { expect } from 'vitest';
import { z } from 'zod';
import { callVeritrain } from '../../cli/support/veritrain.js';

const checksSchema = z.object({
  checks: z.array(
    z.object({ name: z.string(), state: z.string(), found: z.string(), fix: z.string().optional() }),
  ),
});
export type FoundCheck = z.infer<typeof checksSchema>['checks'][number];

/** What `veritrain doctor` finds wrong for the member of a profile. */
export const faultsFound = async (folder: string, profile: string): Promise<FoundCheck[]> =>
  (await checksFound(folder, profile)).filter(({ state }) => state === 'failed');

/** All that `veritrain doctor` finds for the member of a profile. */
export async function checksFound(folder: string, profile: string): Promise<FoundCheck[]> {
  const called = await callVeritrain(['doctor', '--profile', profile, '--format', 'json'], {
    folder,
    home: join(folder, 'home'),
  });
  const { data } = envelopeSchema.parse(JSON.parse(called.stdout));
  return checksSchema.parse(data).checks;
}

/** The failed checks in the data of doctor's answer. */
export const failedAmong = (data: unknown): FoundCheck[] =>
  checksSchema.parse(data).checks.filter(({ state }) => state === 'failed');

/** What a failed check must say: its name, what was found, what to do. */
export type ExpectedFault = readonly [name: string, found: RegExp, fix: RegExp];

/** Exactly these faults, in this order. */
export const faultsLike = (faults: readonly ExpectedFault[]): unknown =>
  faults.map(([name, found, fix]) => ({
    name,
    state: 'failed',
    found: expect.stringMatching(found) as string,
    fix: expect.stringMatching(fix) as string,
  }));
