/** A handle of this form names whose place an object lies in, whose place there it is for, and itself. */
const placed = /^([0-9a-f]{24})([0-9a-f]{24})([0-9a-f]{64})$/;
const placedKey = /^([0-9a-f]{24})\/([0-9a-f]{24})\/([0-9a-f]{64})$/;
const plainKey = /^(..)\/(.+)$/;

/**
 * Where an object of a handle lies in the bucket: `<writer's place>/<reader's place>/<name>` where the handle names
 * places (112 hex digits), so that policies can grant by prefix; otherwise `<first two characters>/<handle>`.
 */
export function keyOf(handle: string): string {
  const [, writer, reader, name] = placed.exec(handle) ?? [];
  if (writer === undefined || reader === undefined || name === undefined)
    return `${handle.slice(0, 2)}/${handle}`;
  return `${writer}/${reader}/${name}`;
}

/** The handle whose object lies under a key; undefined where no handle's object does. */
export function handleOf(key: string): string | undefined {
  const [, writer, reader, name] = placedKey.exec(key) ?? [];
  if (writer !== undefined && reader !== undefined && name !== undefined) return `${writer}${reader}${name}`;
  const [, , handle] = plainKey.exec(key) ?? [];
  return handle !== undefined && keyOf(handle) === key ? handle : undefined;
}
