import type { Context } from 'fabric-contract-api';
import { titles, type Assets, type Kind, type Member } from './assets.js';

/** A pseudo-random identifier that is equal at all endorsers, since a transaction's id is a hash over a nonce. */
export const newId = (context: Context, kind: Kind): string => `${kind}_${context.stub.getTxID()}`;

/** @throws Error for an id without such an asset */
export async function read<K extends Kind>(context: Context, kind: K, id: string): Promise<Assets[K]> {
  const bytes = id.startsWith(`${kind}_`) ? await context.stub.getState(id) : new Uint8Array();
  if (bytes.length === 0) throw new Error(`The ${titles[kind]} ${id} does not exist.`);
  return JSON.parse(Buffer.from(bytes).toString()) as Assets[K];
}

export async function write<Asset extends { readonly id: string }>(
  context: Context,
  asset: Asset,
): Promise<Asset> {
  await context.stub.putState(asset.id, Buffer.from(JSON.stringify(asset)));
  return asset;
}

/**
 * The access control list: a member acts with the certificate that created it. @throws Error for another certificate
 */
export async function requireMember(context: Context, kind: 'do' | 'mo' | 'co', id: string): Promise<Member> {
  const member = await read(context, kind, id);
  if (member.identity !== context.clientIdentity.getID())
    throw new Error(`Only the ${titles[kind]} ${id} may do this.`);
  return member;
}

/** Sets the event that tells members that it is their turn. */
export const notify = (context: Context, name: string, payload: object): void =>
  context.stub.setEvent(name, Buffer.from(JSON.stringify(payload)));
