import type { Reply } from './state.js';
import { addTo, dot, norm, scaled, subtract } from './vectors.js';

/** A direction in which a subset was asked at two points, and what its curvature matrix makes of it. */
export interface Explored {
  /** Of length 1, orthogonal to the directions before it. */
  readonly direction: readonly number[];
  /** curvature · direction, off by the noise of a gradient over `length`. */
  readonly image: readonly number[];
  /** How far apart the points lie in this direction. */
  readonly length: number;
  /** The reply that showed it. */
  readonly reply: Reply;
}

/**
 * The directions that a subset's replies span, seen from the newest, widest apart first (Gram–Schmidt with pivoting). A
 * gradient is an affine function of the point, so the difference of two replies is the curvature's image of the
 * difference of their points.
 */
export function exploredDirections(replies: readonly Reply[]): Explored[] {
  const [newest, ...older] = replies;
  if (newest === undefined) return [];
  const rest = older.map((reply) => ({
    reply,
    step: subtract(reply.point, newest.point),
    change: subtract(reply.gradient, newest.gradient),
  }));
  const explored: Explored[] = [];
  while (rest.length > 0) {
    const lengths = rest.map(({ step }) => norm(step));
    const length = Math.max(...lengths);
    for (const { reply, step, change } of rest.splice(lengths.indexOf(length), 1)) {
      const share = length > 0 ? 1 / length : 0;
      const direction = scaled(share, step);
      const image = scaled(share, change);
      explored.push({ direction, image, length, reply });
      for (const other of rest) {
        const along = dot(other.step, direction);
        addTo(other.step, -along, direction);
        addTo(other.change, -along, image);
      }
    }
  }
  return explored;
}
