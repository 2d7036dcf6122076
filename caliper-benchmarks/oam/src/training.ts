import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { trainJobId, type CI, type Mod, type TC, type TJ } from './assets.js';
import { newId, notify, read, requireMember, write } from './records.js';

const id = z.string().min(1);
export const tcInput = z.strictObject({ tcId: id });
type TcInput = z.output<typeof tcInput>;

export const modInput = z.strictObject({
  moId: id,
  type: z.string(),
  url: z.string(),
  trainingMethod: z.string(),
  hash: z.string(),
});

/** CreateMod: a model. */
export async function createMod(context: Context, input: z.output<typeof modInput>): Promise<Mod> {
  await requireMember(context, 'mo', input.moId);
  return write(context, { id: newId(context, 'mod'), ...input });
}

export const requestInput = z.strictObject({ dsId: id, modId: id });

/** RequestTC: the model owner asks for training on a dataset. */
export async function requestTc(
  context: Context,
  { dsId, modId }: z.output<typeof requestInput>,
): Promise<TC> {
  const mod = await read(context, 'mod', modId);
  await requireMember(context, 'mo', mod.moId);
  const { doId } = await read(context, 'ds', dsId);
  const tcId = newId(context, 'tc');
  notify(context, 'TCRequested', { tcId, doId });
  return write(context, {
    id: tcId,
    dsId,
    modId,
    status: 'REQUESTED',
    rem: 0,
    paid: false,
    round: 0,
    curDssIds: [],
  });
}

/** ApproveTC: the data owner agrees, and each cloud instance of the dataset gets a train job. */
export async function approveTc(context: Context, { tcId }: TcInput): Promise<TC> {
  const tc = await read(context, 'tc', tcId);
  const ds = await read(context, 'ds', tc.dsId);
  await requireMember(context, 'do', ds.doId);
  if (tc.status !== 'REQUESTED') throw new Error(`The train couple ${tcId} does not wait for approval.`);
  for (const dssId of ds.dssIds) {
    const { ciIds } = await read(context, 'dss', dssId);
    for (const ciId of ciIds) await createTj(context, tcId, await read(context, 'ci', ciId));
  }
  return write(context, { ...tc, status: 'APPROVED' });
}

async function createTj(context: Context, tcId: string, ci: CI): Promise<void> {
  if (ci.status !== 'VERIFIED') throw new Error(`The cloud instance ${ci.id} is not verified.`);
  const { id: ciId, dssId, coId } = ci;
  await write<TJ>(context, { id: trainJobId(tcId, ciId), tcId, ciId, dssId, coId, round: 0 });
}

/**
 * StartRound (listing 4): every other subset, alternating. The listing checks neither the caller nor whether a round is
 * running.
 */
export async function startRound(context: Context, { tcId }: TcInput): Promise<TC> {
  const tc = await read(context, 'tc', tcId);
  if (tc.status !== 'APPROVED') throw new Error(`The train couple ${tcId} is not approved.`);
  const round = tc.round + 1;
  const r = (round + 1) % 2;
  const { dssIds } = await read(context, 'ds', tc.dsId);
  const curDssIds: string[] = [];
  let rem = 0;
  for (const [i, dssId] of dssIds.entries()) {
    const dss = await read(context, 'dss', dssId);
    if (i % 2 !== r) continue;
    curDssIds.push(dss.id);
    rem += dss.ciIds.length;
  }
  notify(context, 'RoundStarted', { tcId, curDssIds });
  return write(context, { ...tc, round, curDssIds, rem });
}

export const updateInput = z.strictObject({
  tcId: id,
  ciId: id,
  hash: z.string().min(1),
  nonce: z.string().min(1),
  location: z.string().min(1),
});

/** UpdateTJ: a cloud owner delivers its trained model. Calls of one round conflict on the train couple's counter. */
export async function updateTj(context: Context, input: z.output<typeof updateInput>): Promise<TJ> {
  const { tcId, ciId, hash, nonce, location } = input;
  const tj = await read(context, 'tj', trainJobId(tcId, ciId));
  await requireMember(context, 'co', tj.coId);
  const tc = await read(context, 'tc', tcId);
  if (!tc.curDssIds.includes(tj.dssId))
    throw new Error(`The subset of ${ciId} is not in round ${tc.round} of ${tcId}.`);
  if (tj.round === tc.round) throw new Error(`${ciId} has already delivered its model of round ${tc.round}.`);
  const rem = tc.rem - 1;
  await write(context, { ...tc, rem });
  if (rem === 0) notify(context, 'RoundCompleted', { tcId, round: tc.round });
  return write(context, { ...tj, round: tc.round, hash, nonce, location });
}

/** EndTC: the model owner ends the training. */
export async function endTc(context: Context, { tcId }: TcInput): Promise<TC> {
  const tc = await readOwn(context, tcId);
  if (tc.status !== 'APPROVED') throw new Error(`The train couple ${tcId} is not in training.`);
  if (tc.rem > 0) throw new Error(`Round ${tc.round} of ${tcId} waits for ${tc.rem} more updates.`);
  return write(context, { ...tc, status: 'COMPLETED' });
}

/** PayTC: the model owner has paid. */
export async function payTc(context: Context, { tcId }: TcInput): Promise<TC> {
  const tc = await readOwn(context, tcId);
  if (tc.status !== 'COMPLETED') throw new Error(`The training of ${tcId} has not ended.`);
  return write(context, { ...tc, paid: true });
}

async function readOwn(context: Context, tcId: string): Promise<TC> {
  const tc = await read(context, 'tc', tcId);
  const { moId } = await read(context, 'mod', tc.modId);
  await requireMember(context, 'mo', moId);
  return tc;
}
