import { shortDigest } from '@veritrain/member/text';
import type { ModelMetric } from '@veritrain/training';
import type { Command } from 'commander';
import { z } from 'zod';
import { csvOptionsOf, readingText, tableOptions, tableValues } from './tableOptions.js';
import { fields, table } from './text.js';
import { count, coupleId, modelId } from './values.js';
import { verb } from './verb.js';

/** In the order and the words of the answer. */
const metricTitles: Readonly<Record<ModelMetric['name'], string>> = {
  mse: 'Mean squared error',
  rmse: 'Its root',
  mae: 'Mean absolute error',
  r2: 'R², explained',
  logLoss: 'Mean log-loss',
  brier: 'Brier score',
  auc: 'Area under the ROC curve',
  accuracy: 'Accuracy',
  f1: 'F1',
};

const trained = z.union([coupleId, modelId], 'must be a training (tc_…) or a model (md_…)');

/** `veritrain model export` */
export function exportModel(): Command {
  return verb({
    name: 'export',
    summary: "a finished model's numbers, in the units of the table",
    details: [
      'Of a linear model, target = intercept + the sum of weight × column. The file is checked against the digest on the ledger, and holds the salt that opens it.',
    ],
    arguments: [['<of>', 'a training, or a model: its last finished training']],
    options: [['--out <file>', 'write it there as JSON']],
    examples: ['veritrain model export tc_spring', 'veritrain model export md_ridge1 --out model.json'],
    input: z.strictObject({ of: trained, out: z.string().min(1).optional() }),
    run: async ({ of, out }, session) => {
      const { findTrainedModel, namedParameters } = await import('@veritrain/member/models');
      const { model, couple } = await findTrainedModel(await session.member(), of, session.context);
      if (out !== undefined) {
        const { writeNewFile } = await import('@veritrain/member/home');
        writeNewFile(out, `${JSON.stringify(model, null, 2)}\n`);
      }
      const rows = namedParameters(model).map(({ parameter, column, value }) => [
        column ?? '',
        parameter,
        value.toPrecision(8),
      ]);
      const text = [
        fields([
          ['Training', `${couple.coupleId}, ${model.rounds} rounds`],
          ['Predicts', `${model.target}, by a ${model.family} model`],
          ['Digest', shortDigest(couple.finalModelDigest ?? '')],
          ['Written to', out],
        ]),
        '',
        table(['column', 'number', 'value'], rows, 'No number.'),
      ];
      return {
        data: { ...model, digest: couple.finalModelDigest },
        text: text.join('\n'),
        next: `veritrain model predict ${couple.coupleId} --data <csv>`,
      };
    },
  });
}

/** `veritrain model predict` */
export function predict(): Command {
  return verb({
    name: 'predict',
    summary: "predict the rows of one's own table with a finished model",
    details: [
      'Columns are found by name, in any order; others are ignored. Where the target is there too, the error is shown. The table stays on this machine.',
      'The form of the table is recognised, and may differ from the form of the training’s table; see `veritrain dataset split --help`.',
      'In --out a name that a spreadsheet would take for a formula (from = + - @) gets an apostrophe before it; numbers stay numbers.',
    ],
    arguments: [['<of>', 'a training, or a model: its last finished training']],
    options: [
      ['--data <csv>', 'the rows'],
      ['--out <file>', 'write all predictions there as CSV'],
      ['--show <n>', 'show at most this many rows (default 20)'],
      ...tableOptions,
    ],
    examples: [
      'veritrain model predict tc_spring --data patients.csv',
      'veritrain model predict md_ridge1 --data new.csv --out predictions.csv --format json',
    ],
    input: z.strictObject({
      of: trained,
      data: z.string().min(1),
      out: z.string().min(1).optional(),
      show: count(0, 100_000).default(20),
      ...tableValues,
    }),
    run: async ({ of, data: path, out, show, ...given }, session) => {
      const { maxTableBytes, readUserBytes, writeNewFile } = await import('@veritrain/member/home');
      const csv = readUserBytes(path, 'table', maxTableBytes);
      const { findTrainedModel, predictRows } = await import('@veritrain/member/models');
      const { model, couple } = await findTrainedModel(await session.member(), of, session.context);
      const { predictions, targets, metrics, ignored, reading } = predictRows(
        model,
        csv,
        path,
        csvOptionsOf(given),
      );
      if (out !== undefined) {
        const { csvText } = await import('@veritrain/training');
        const rows = predictions.map((prediction, index) => [index + 2, prediction]);
        writeNewFile(out, csvText(['row', model.target], rows));
      }
      const shown = predictions.slice(0, show).map((prediction, index) => {
        const target = targets?.[index];
        return [index + 2, prediction.toPrecision(6), ...(target === undefined ? [] : [target])];
      });
      const text = [
        ...(show === 0
          ? []
          : [
              table(
                ['row', `predicted ${model.target}`, ...(targets === undefined ? [] : ['given'])],
                shown,
                'No row.',
              ),
            ]),
        fields([
          [
            'Rows',
            `${predictions.length}${shown.length < predictions.length ? `, ${shown.length} shown` : ''}`,
          ],
          ['Read as', readingText(reading)],
          ...(metrics ?? []).map(({ name, value }) => [metricTitles[name], value.toPrecision(7)] as const),
          ['Columns ignored', ignored.length === 0 ? undefined : ignored.join(', ')],
          ['Written to', out],
        ]),
      ];
      return {
        data: {
          coupleId: couple.coupleId,
          target: model.target,
          predictions,
          metrics,
          ignored,
          reading,
        },
        items: predictions.map((prediction, index) => ({ row: index + 2, prediction })),
        text: text.join('\n'),
      };
    },
  });
}

/** `veritrain model verify` */
export function verifyModel(): Command {
  return verb({
    name: 'verify',
    summary: 'whether an exported model is the one that the ledger names',
    details: [
      'The ledger keeps a salted digest of the rounded model. The salt is in the exported file: with the file anyone can check the model, without it nobody can test a guess.',
    ],
    arguments: [['<file>', 'what `veritrain model export --out` wrote']],
    examples: ['veritrain model verify model.json', 'veritrain model verify model.json --format json'],
    input: z.strictObject({ file: z.string().min(1) }),
    run: async ({ file }, session) => {
      const { parseUserJson, readUserFile } = await import('@veritrain/member/home');
      const { trainedModelSchema, verifyTrainedModel } = await import('@veritrain/member/models');
      const model = parseUserJson(readUserFile(file, 'model'), trainedModelSchema, file, 'model');
      const digest = await verifyTrainedModel(await session.member(), model, session.context);
      const { coupleId, modelId } = model;
      return {
        data: { coupleId, modelId, digest },
        text: fields([
          ['Training', coupleId],
          ['Digest', `${shortDigest(digest)}, as on the ledger`],
        ]),
      };
    },
  });
}
