import type { NamedMember } from '@veritrain/member/profile';

/** Puts names beside the ids of participants, in a text or in all texts of a record. For people, never for JSON. */
export type Named = <T>(of: T) => T;

/** Ids of participants, except in paths, which people have to type as they are. */
const ids = /(?<![\w/])pt_[a-z2-7]{26}(?!\w|\.\w)/g;

/** `alder (pt_jmgs…r4dk)`: the address book has the whole id. */
const shown = (name: string, id: string): string => `${name} (${id.slice(0, 7)}…${id.slice(-4)})`;

/** Ids without a name stay whole, so that people can copy them. */
export function namedBy(members: readonly NamedMember[]): Named {
  const names = new Map(members.map(({ name, participantId }) => [participantId, name]));
  const inText = (text: string): string =>
    text.replace(ids, (id) => {
      const name = names.get(id);
      return name === undefined ? id : shown(name, id);
    });
  const inValue = (value: unknown): unknown => {
    if (typeof value === 'string') return inText(value);
    if (Array.isArray(value)) return value.map(inValue);
    return isPlain(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inValue(inner)]))
      : value;
  };
  return <T>(of: T): T => inValue(of) as T;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
