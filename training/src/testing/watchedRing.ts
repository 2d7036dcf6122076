import type { Resident, RingArithmetic } from '../he/ring/backend.js';

/** Notes every handle that a ring gives out, and forgets those that are released. */
export function watched(
  ring: RingArithmetic,
  held = new Set<Resident>(),
): { ring: RingArithmetic; held: Set<Resident> } {
  const note = (handle: Resident): void => {
    const release = handle.release.bind(handle);
    held.add(handle);
    handle.release = () => {
      held.delete(handle);
      release();
    };
  };
  const proxy = new Proxy(ring, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function' || name === 'read') return bound(member, target);
      return (...given: unknown[]) => {
        const handles = member.apply(target, given) as Resident[];
        handles.forEach(note);
        return handles;
      };
    },
  });
  return { ring: proxy, held };
}

const bound = (member: unknown, target: object): unknown =>
  typeof member === 'function' ? (member.bind(target) as unknown) : member;
