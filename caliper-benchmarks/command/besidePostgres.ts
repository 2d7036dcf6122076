import { readBlocks } from './blocks/readBlocks.js';
import type { Measurement, RunningNetwork } from './measure.js';
import { measurePostgres, type PostgresMeasured } from './postgres/measure.js';
import { replayOf } from './postgres/replay.js';

/** Writes the records of a ledger's round to PostgreSQL. Call it when the network has stopped. */
export type Replaying = (connection: string | undefined, signal: AbortSignal) => Promise<PostgresMeasured>;

/**
 * Reads the records of the first round of the mix from the blocks, while the network runs.
 * @returns undefined if no such round ran with a number in flight
 */
export async function recordMix(
  { organization }: RunningNetwork,
  measurements: readonly Measurement[],
): Promise<Replaying | undefined> {
  for (const { benchmark, files } of measurements) {
    const round = benchmark.rounds.findIndex(({ label }) => label === 'mix');
    const clients = benchmark.rounds[round]?.rateControl.opts.transactionLoad;
    if (clients === undefined) continue;
    const samples = files.filter((file) => file.round === round).flatMap((file) => file.samples);
    const replay = await replayOf({
      blocks: readBlocks(organization, { from: 0n }),
      chaincode: organization.endpoint.connection.chaincode,
      transactionIds: new Set(samples.flatMap(({ transactionId }) => transactionId ?? [])),
    });
    return (connection, signal) => measurePostgres({ replay, workload: 'mix', clients, connection, signal });
  }
  return undefined;
}
