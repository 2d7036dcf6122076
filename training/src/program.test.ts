import { describe, expect, it } from 'vitest';
import { decodeProgram, defineProgram, encodeProgram, parseProgram, programDigest } from './program.js';
import { refusal } from './testing/errors.js';

const program = defineProgram();

describe('training programs', () => {
  it('have defaults', () => {
    expect(program).toEqual({
      schemaVersion: 2,
      family: 'linear',
      featureMap: { kind: 'identity' },
      head: {
        lambda: 0,
        learningRate: 1,
        localSteps: 1,
        optimiser: { kind: 'quasiNewton', initialCurvature: 1 },
      },
      protection: 'encrypted',
      parameters: 'ckks-8192-60-60-60/2',
    });
    expect(defineProgram({ localSteps: 5 }).head.learningRate).toBe(0.2);
    expect(defineProgram({ optimiser: { kind: 'nesterov', decay: 1 } }).head.learningRate).toBe(0.2);
  });

  it('have one text and one digest', () => {
    const turned = Object.fromEntries(Object.entries(program).reverse());
    expect(programDigest(parseProgram(turned))).toBe(programDigest(program));
    expect(decodeProgram(encodeProgram(program))).toEqual(program);
    refusal(() => decodeProgram(Buffer.from(JSON.stringify(program, null, 1))), 'VT7301');
    refusal(() => decodeProgram(Buffer.from('no JSON')), 'VT7301');
  });

  it('differ from their clear twin in the protection alone', () => {
    const twin = { ...program, protection: 'plain' as const };
    expect(parseProgram(twin)).toEqual(twin);
    expect(programDigest(twin)).not.toBe(programDigest(program));
  });

  it.each([
    ['an unknown family', { family: 'forest' }],
    ['an unknown field', { epochs: 3 }],
    ['other encryption parameters', { parameters: 'ckks-4096' }],
    ['an unknown protection', { protection: 'none' }],
    ['a tolerance of zero', { earlyStopping: { tolerance: 0, patience: 1 } }],
    ['an unknown feature map', { featureMap: { kind: 'square' } }],
  ])('are refused with %s', (_name, change) => {
    refusal(() => parseProgram({ ...program, ...change }), 'VT7301');
  });

  it.each([
    ['a negative penalty', { lambda: -1 }],
    ['no learning rate', { learningRate: 0 }],
    ['a learning rate so small that gradients overflow', { learningRate: 1e-310 }],
    ['a learning rate that is no number', { learningRate: Number.NaN }],
    ['half a step', { localSteps: 1.5 }],
    ['an unknown optimiser', { optimiser: { kind: 'adam' } }],
    ['an unknown field', { epochs: 3 }],
  ])('are refused with %s in the head', (_name, change) => {
    refusal(() => parseProgram({ ...program, head: { ...program.head, ...change } }), 'VT7301');
    refusal(() => defineProgram(change as never), 'VT7301');
  });

  it('of a family that is not there cannot be defined', () => {
    for (const family of ['forest', 'toString'])
      refusal(() => defineProgram({ family: family as 'linear' }), 'VT7301');
  });
});
