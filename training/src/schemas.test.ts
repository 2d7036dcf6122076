import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkCsvOptions } from './data/csvOptions.js';
import { templateSchema } from './data/template.js';
import { TrainingError } from './errors.js';
import { defineProgram, trainingProgramSchema } from './program.js';
import { chooseLogisticHead, logisticHeadSchema } from './models/logistic/head.js';
import { firstLogisticState, logisticStateSchema } from './models/logistic/state.js';
import { optimiserStateSchema } from './optimisers/state.js';
import { linearState, prepare, syntheticTable } from './testing/fixtures.js';
import { binaryTable, splitForLogistic } from './testing/logistic.js';
import { familyOf } from './models/registry.js';
import { firstState, trainerStateSchema } from './trainer/state.js';

const { template } = prepare(syntheticTable(40, 3), 2);
const digest = `sha256:${'0'.repeat(64)}`;
const digests = { programDigest: digest, templateDigest: digest };
const state = firstState(familyOf('linear'), digests, template, defineProgram().head);

const logisticHead = logisticHeadSchema.parse(chooseLogisticHead({}));
const logisticTemplate = splitForLogistic(binaryTable('noisy', 2, 1), 2).template;

/** An honest value in which any one field holds anything. */
const changed = (honest: object): fc.Arbitrary<unknown> =>
  fc
    .tuple(
      fc.constantFrom(...Object.keys(honest)),
      fc.anything({ withBigInt: true, withNullPrototype: true }),
    )
    .map(([key, value]) => ({ ...honest, [key]: value }));

it.each([
  ['template', templateSchema, template],
  ['program', trainingProgramSchema, defineProgram()],
  ['trainer state', trainerStateSchema, state],
  ['linear model in the making', optimiserStateSchema, linearState(state)],
  ['logistic head', logisticHeadSchema, logisticHead],
  ['logistic model in the making', logisticStateSchema, firstLogisticState(logisticTemplate, logisticHead)],
] as const)('the schema of a %s throws nothing but its own error', (_, schema, honest) => {
  fc.assert(
    fc.property(fc.oneof(fc.anything(), changed(honest)), (value) => {
      expect(() => schema.safeParse(value)).not.toThrow();
    }),
    { numRuns: 500 },
  );
});

it('how a table is written is taken or refused with a code, whatever is typed', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), fc.constantFrom(',', '.', ' ', 'none'));
  const options = fc.record(
    { delimiter: text, decimal: text, thousands: text, index: text },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(options, (given) => {
      try {
        checkCsvOptions(given as never);
      } catch (error) {
        expect(error).toBeInstanceOf(TrainingError);
      }
    }),
  );
});
