import { shortDigest } from '@veritrain/member/text';
import type { TrainedModel } from '@veritrain/member/models';
import type { Command } from 'commander';
import { z } from 'zod';
import { codebookOption, codebookValue } from './codebookOption.js';
import { numbersText } from './modelFamilies.js';
import {
  metricRows,
  otherLevelRows,
  predictionItems,
  predictionRows,
  predictionTable,
  unreadRows,
} from './predictionText.js';
import { csvOptionsOf, readingText, tableOptions, tableValues } from './tableOptions.js';
import { fields, table } from './text.js';
import { count, trained } from './values.js';
import { verb } from './verb.js';

/** `veritrain model export` */
export function exportModel(): Command {
  return verb({
    name: 'export',
    summary: "a finished model's numbers, or the model as a file for other programs",
    details: [
      numbersText,
      'The model is checked against the digest on the ledger. As JSON it holds the salt that opens the digest, for `veritrain model verify`.',
      'With --format onnx the file is an ONNX model (operators 17, numbers double) that takes raw rows: columns of numbers as `numbers`, columns of texts as `texts`, in the order that its metadata and this answer say. Gaps (NaN, empty texts), rare and unknown texts mean what they mean to `veritrain model predict`; ONNX Runtime 1.12 and later runs it to the same predictions. Where the levels of the model are codes (`dataset split --codes`), it takes codes, and any text as an unknown one; --codebook makes a file that takes texts.',
    ],
    arguments: [['<of>', 'a training, or a model: its last finished training']],
    options: [
      ['--out <file>', 'write it there, as JSON unless --format onnx is given'],
      [
        '--codebook <file>',
        'with --format onnx: puts the texts of levels that are codes into the file, for whoever gets it',
      ],
    ],
    examples: [
      'veritrain model export tc_spring',
      'veritrain model export md_ridge1 --out model.json',
      'veritrain model export md_ridge1 --format onnx --out model.onnx',
    ],
    fileFormats: ['onnx'],
    input: z
      .strictObject({
        of: trained,
        out: z.string().min(1).optional(),
        format: z.literal('onnx').optional(),
        codebook: codebookValue,
      })
      .superRefine(({ out, format, codebook }, context) => {
        const issue = exportIssue(out, format);
        if (issue !== undefined) context.addIssue({ code: 'custom', path: ['out'], message: issue });
        if (codebook !== undefined && format === undefined)
          context.addIssue({ code: 'custom', path: ['codebook'], message: 'is for --format onnx alone' });
      }),
    run: async ({ of, out, format, codebook }, session) => {
      const { findTrainedModel, namedParameters } = await import('@veritrain/member/models');
      const { model, couple } = await findTrainedModel(await session.member(), of, session.context);
      const inputs = out === undefined ? {} : await writeModel(model, out, { format, codebook });
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
          ['Columns of numbers', inputs.numbers],
          ['Columns of texts', inputs.texts],
          ['Their levels', inputs.levels],
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

/** Why a file cannot be written so, or undefined. */
function exportIssue(out: string | undefined, format: 'onnx' | undefined): string | undefined {
  if (format === 'onnx' && out === undefined) return 'is needed with --format onnx: it names the file';
  if (format === undefined && out?.endsWith('.onnx') === true)
    return 'ends in .onnx, and the file would be JSON; add --format onnx';
  return undefined;
}

/** Writes a model as a file. @returns of an ONNX model the columns of its inputs, as people read them */
async function writeModel(
  model: TrainedModel,
  out: string,
  { format, codebook }: { format: 'onnx' | undefined; codebook: string | undefined },
): Promise<{ numbers?: string; texts?: string; levels?: string | undefined }> {
  const { writeNewFile } = await import('@veritrain/member/home');
  if (format === undefined) {
    writeNewFile(out, `${JSON.stringify(model, null, 2)}\n`);
    return {};
  }
  const { onnxFile, readCodebook } = await import('@veritrain/member/models');
  const { codedColumnsOf } = await import('@veritrain/training');
  const book = codebook === undefined ? undefined : readCodebook(codebook);
  const { bytes, numbers, texts } = await onnxFile(model, book);
  writeNewFile(out, bytes);
  const named = (columns: readonly string[]): string => columns.join(', ') || 'none';
  const coded = book === undefined ? codedColumnsOf(model.recipe) : [];
  const levels = coded.length === 0 ? undefined : `codes in ${coded.join(', ')}: texts count as unknown`;
  return { numbers: named(numbers), texts: named(texts), levels };
}

/** `veritrain model predict` */
export function predict(): Command {
  return verb({
    name: 'predict',
    summary: "predict the rows of one's own table with a finished model",
    details: [
      'Rows are written as in the table that was split, categories as texts. Columns are found by name, in any order; others are ignored. Where the target is there too, figures of the predictions are shown. The table stays on this machine.',
      'Where the levels of the model are codes (`dataset split --codes`), rows have those codes, or, with the data owner’s codebook, texts. Rows with texts alone are refused without it.',
      'A linear model predicts the target, a logistic one the probability of its second class, and the likelier class.',
      'The form of the table is recognised, and may differ from the form of the training’s table; see `veritrain dataset split --help`.',
      'In --out a name that a spreadsheet would take for a formula (from = + - @) gets an apostrophe before it; numbers stay numbers.',
    ],
    arguments: [['<of>', 'a training, or a model: its last finished training']],
    options: [
      ['--data <file>', 'the rows, CSV or Parquet'],
      ['--out <file>', 'write all predictions there as CSV'],
      ['--show <n>', 'show at most this many rows (default 20)'],
      codebookOption,
      ...tableOptions,
    ],
    examples: [
      'veritrain model predict tc_spring --data patients.csv',
      'veritrain model predict tc_spring --data patients.csv --codebook codebook.json',
      'veritrain model predict md_ridge1 --data new.csv --out predictions.csv --format json',
    ],
    input: z.strictObject({
      of: trained,
      data: z.string().min(1),
      out: z.string().min(1).optional(),
      show: count(0, 100_000).default(20),
      codebook: codebookValue,
      ...tableValues,
    }),
    run: async ({ of, data: path, out, show, codebook: book, ...given }, session) => {
      const { writeNewFile } = await import('@veritrain/member/home');
      const { readTableFile } = await import('@veritrain/member/datasets');
      const { codebookFor, findTrainedModel, neededBy, predictRows } =
        await import('@veritrain/member/models');
      const member = await session.member();
      const { codedColumnsOf } = await import('@veritrain/training');
      const { model, couple } = await findTrainedModel(member, of, session.context);
      const { target } = model;
      const codebook = codebookFor(member.home, model, book);
      const { csv, written } = await readTableFile(path, neededBy(model));
      const predicted = predictRows(model, csv, path, { ...csvOptionsOf(given), ...written, codebook });
      const { predictions, classes, predictedClasses, metrics, ignored, otherLevels, reading } = predicted;
      if (out !== undefined) {
        const { csvText } = await import('@veritrain/training');
        const { header, rows } = predictionRows(target, predicted);
        writeNewFile(out, csvText(header, rows));
      }
      const shown = Math.min(show, predictions.length);
      const text = [
        ...(show === 0 ? [] : [predictionTable(target, predicted, shown)]),
        fields([
          ['Rows', `${predictions.length}${shown < predictions.length ? `, ${shown} shown` : ''}`],
          ['Read as', readingText(reading)],
          ...metricRows(metrics),
          ...otherLevelRows(predicted),
          ...unreadRows(codedColumnsOf(model.recipe), codebook, predicted),
          ['Columns ignored', ignored.length === 0 ? undefined : ignored.join(', ')],
          ['Written to', out],
        ]),
      ];
      return {
        data: {
          coupleId: couple.coupleId,
          family: model.family,
          target,
          classes,
          predictions,
          predictedClasses,
          metrics,
          ignored,
          otherLevels,
          reading,
        },
        items: predictionItems(predicted),
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
