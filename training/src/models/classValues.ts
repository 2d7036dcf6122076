import { z } from 'zod';
import { MAX_CLASSES, MAX_MAGNITUDE } from '../data/limits.js';
import type { Template } from '../data/template.js';

/** Values of a target, one for each class: increasing, up to 16. @param least how many a family takes */
export const classValuesSchema = (least: number) =>
  z
    .array(z.number().min(-MAX_MAGNITUDE).max(MAX_MAGNITUDE))
    .min(least)
    .max(MAX_CLASSES)
    .refine(
      (classes) => classes.every((value, index) => index === 0 || value > (classes[index - 1] ?? value)),
      'classes increase',
    );

/** Which class a standardised target is: the one whose value, standardised in the same way, it equals; −1 for none. */
export function classFinder(
  classes: readonly number[],
  { targetMean, targetScale }: Template['statistics'],
): (target: number) => number {
  const places = new Map(classes.map((value, index) => [(value - targetMean) / targetScale, index]));
  return (target) => places.get(target) ?? -1;
}
