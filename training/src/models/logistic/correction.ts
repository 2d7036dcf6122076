/** A loss and its correction, put together, with the derivatives in both. */
export interface CorrectedLoss {
  readonly value: number;
  /** First derivative in the loss. */
  readonly byLoss: number;
  /** First derivative in the correction. */
  readonly byExtra: number;
  /**
   * Second derivatives are those of one form: with x = extra / loss, curvature · (d extra − x · d loss)².
   */
  readonly curvature: number;
}

/** A smaller loss is rounding: nothing corrects it. */
const MIN_LOSS = 1e-9;

/**
 * loss·(1 + φ(extra / loss)) with φ(x) = x / (1 + 16·x⁴)^¼: extra as it is while it is small beside the loss, and never more than half of
 * the loss, so that the sum is never negative. Smooth, so that Newton's steps see no edge.
 */
export function correctedLoss(loss: number, extra: number): CorrectedLoss {
  if (!(loss > MIN_LOSS)) return { value: loss, byLoss: 1, byExtra: 0, curvature: 0 };
  const x = extra / loss;
  const bend = 1 + 16 * x ** 4;
  const root = Math.sqrt(Math.sqrt(bend));
  const share = x / root;
  const slope = 1 / (bend * root);
  return {
    value: loss * (1 + share),
    byLoss: 1 + share - x * slope,
    byExtra: slope,
    curvature: (-80 * x ** 3 * slope) / bend / loss,
  };
}
