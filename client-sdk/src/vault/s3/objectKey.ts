import { vaultHandle } from '@veritrain/chaincode/domain';
import { briefMark } from '../handles.js';

/** A handle of this form names whose place an object lies in, whose place there it is for, and itself. */
const placed = /^(b?)([0-9a-f]{24})([0-9a-f]{24})([0-9a-f]{64})$/;
const placedKey = /^(brief\/)?([0-9a-f]{24})\/([0-9a-f]{24})\/([0-9a-f]{64})$/;
const plainKey = /^(..)\/(.+)$/;

/** Objects that a server may let expire lie below this prefix of the bucket. */
export const briefPrefix = 'brief/';

/**
 * Where an object of a handle lies in the bucket: `<writer's place>/<reader's place>/<name>` where the handle names
 * places (112 hex digits, and a mark where it is short-lived), so that policies can grant and servers expire by prefix;
 * otherwise `<first two characters>/<handle>`.
 */
export function keyOf(handle: string): string {
  const [, brief, writer, reader, name] = placed.exec(handle) ?? [];
  if (writer === undefined || reader === undefined || name === undefined)
    return `${handle.slice(0, 2)}/${handle}`;
  return `${brief === briefMark ? briefPrefix : ''}${writer}/${reader}/${name}`;
}

/** The handle whose object lies under a key; undefined where no handle's object does. */
export function handleOf(key: string): string | undefined {
  const [, brief, writer, reader, name] = placedKey.exec(key) ?? [];
  if (writer !== undefined && reader !== undefined && name !== undefined)
    return `${brief === undefined ? '' : briefMark}${writer}${reader}${name}`;
  const [, , handle] = plainKey.exec(key) ?? [];
  return vaultHandle.safeParse(handle).success && handle !== undefined && keyOf(handle) === key
    ? handle
    : undefined;
}
