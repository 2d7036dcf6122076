import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import type { CI, DS, DSS } from './assets.js';
import { newId, notify, read, requireMember, write } from './records.js';

const id = z.string().min(1);

export const dsInput = z.strictObject({ doId: id });

/** CreateDS: a dataset without subsets. */
export async function createDs(context: Context, { doId }: z.output<typeof dsInput>): Promise<DS> {
  await requireMember(context, 'do', doId);
  return write(context, { id: newId(context, 'ds'), doId, dssIds: [] });
}

export const dssInput = z.strictObject({ dsId: id });

/** CreateDSS: a subset. Simultaneous calls for one dataset conflict on the dataset's list. */
export async function createDss(context: Context, { dsId }: z.output<typeof dssInput>): Promise<DSS> {
  const ds = await read(context, 'ds', dsId);
  await requireMember(context, 'do', ds.doId);
  const dss: DSS = { id: newId(context, 'dss'), dsId, ciIds: [] };
  await write(context, { ...ds, dssIds: [...ds.dssIds, dss.id] });
  return write(context, dss);
}

export const ciInput = z.strictObject({ dssId: id, coId: id });

/** CreateCI: a slot for a copy of a subset. Simultaneous calls for one subset conflict on the subset's list. */
export async function createCi(context: Context, { dssId, coId }: z.output<typeof ciInput>): Promise<CI> {
  const dss = await read(context, 'dss', dssId);
  await requireOwnerOf(context, dss);
  await read(context, 'co', coId);
  const ci: CI = { id: newId(context, 'ci'), coId, dssId, status: 'FREE' };
  await write(context, { ...dss, ciIds: [...dss.ciIds, ci.id] });
  notify(context, 'CICreated', { ciId: ci.id, coId });
  return write(context, ci);
}

export const joinInput = z.strictObject({ ciId: id, hash: z.string().min(1), nonce: z.string().min(1) });

/** JoinCI: the cloud owner publishes the hash of its copy, and the nonce in it. */
export async function joinCi(
  context: Context,
  { ciId, hash, nonce }: z.output<typeof joinInput>,
): Promise<CI> {
  const ci = await read(context, 'ci', ciId);
  await requireMember(context, 'co', ci.coId);
  if (ci.status !== 'FREE') throw new Error(`The cloud instance ${ciId} is already joined.`);
  return write(context, { ...ci, status: 'JOINED', hash, nonce });
}

export const verifyInput = z.strictObject({ ciId: id });

/** VerifyCI: the data owner confirms that the hash belongs to the copy that it sent. */
export async function verifyCi(context: Context, { ciId }: z.output<typeof verifyInput>): Promise<CI> {
  const ci = await read(context, 'ci', ciId);
  await requireOwnerOf(context, await read(context, 'dss', ci.dssId));
  if (ci.status !== 'JOINED') throw new Error(`The cloud instance ${ciId} does not wait for verification.`);
  return write(context, { ...ci, status: 'VERIFIED' });
}

async function requireOwnerOf(context: Context, { dsId }: DSS): Promise<void> {
  const { doId } = await read(context, 'ds', dsId);
  await requireMember(context, 'do', doId);
}
