import { expect, it } from 'vitest';
import type { MessageShape } from '../../models/family.js';
import { refusal } from '../../testing/errors.js';
import { circuitOf } from './circuit.js';

it('replies in slots have at most 32 numbers, others need vectors', () => {
  const shape: MessageShape = { inputs: 40, outputs: 32, imaginary: false, maxInput: 16, setup: 0 };
  expect(circuitOf(shape).replyBytes({ ...shape, withSetup: false })).toBeGreaterThan(0);
  refusal(() => circuitOf({ ...shape, outputs: 33 }), 'VT7305');
  expect(() => circuitOf({ ...shape, outputs: 33, vectors: 1 })).not.toThrow();
});
