import type { ClassEvaluation, TrainedModel } from '@veritrain/member/models';
import type { Member } from '@veritrain/member/profile';
import { figure } from '@veritrain/member/text';
import type { Command } from 'commander';
import { z } from 'zod';
import type { ActionContext } from '@veritrain/member/calls';
import { codebookOption, codebookValue } from './codebookOption.js';
import { metricRows, otherLevelRows, unreadRows } from './predictionText.js';
import { csvOptionsOf, readingText, tableOptions, tableValues } from './tableOptions.js';
import { fields, table } from './text.js';
import { coupleId, modelId } from './values.js';
import { verb } from './verb.js';

/** `veritrain model evaluate` */
export function evaluate(): Command {
  return verb({
    name: 'evaluate',
    summary: 'how good a finished model is on a table of one’s own that has the target',
    details: [
      'Figures on all rows; of classes also how many rows of each were taken for which. Rows that the data owner set aside (`dataset split --test-share`) are such a table: no host got them. The table stays on this machine.',
      'The model owner names the training. Others, such as the data owner, name the file that they got from it (`model export --out`); it is checked against the digest on the ledger.',
      'Where the levels of the model are codes (`dataset split --codes`), rows have those codes, or, with the codebook, texts. The data owner’s own is found.',
      'The form of the table is recognised, and may differ from the form of the training’s table; see `veritrain dataset split --help`.',
    ],
    arguments: [
      ['<of>', 'a training, a model (its last finished training), or the file of an exported model'],
    ],
    options: [['--data <file>', 'the rows, CSV or Parquet'], codebookOption, ...tableOptions],
    examples: [
      'veritrain model evaluate tc_spring --data held-out.csv',
      'veritrain model evaluate tc_spring --data coded.csv --codebook codebook.json',
      'veritrain model evaluate model.json --data held-out.csv --format json',
    ],
    input: z.strictObject({
      of: z.string().min(1),
      data: z.string().min(1),
      codebook: codebookValue,
      ...tableValues,
    }),
    run: async ({ of, data: path, codebook: book, ...given }, session) => {
      const { readTableFile } = await import('@veritrain/member/datasets');
      const { codebookFor, evaluateRows, neededBy } = await import('@veritrain/member/models');
      const { codedColumnsOf } = await import('@veritrain/training');
      const member = await session.member();
      const model = await modelOf(member, of, session.context);
      const codebook = codebookFor(member.home, model, book);
      const { csv, written } = await readTableFile(path, neededBy(model));
      const found = evaluateRows(model, csv, path, { ...csvOptionsOf(given), ...written, codebook });
      const { coupleId: couple, family, target, rounds } = model;
      const text = [
        fields([
          ['Training', `${couple}, ${rounds} rounds`],
          ['Predicts', `${target}, by a ${family} model`],
          ['Rows', found.rows],
          ['Read as', readingText(found.reading)],
          ...metricRows(found.metrics),
          ...otherLevelRows(found),
          ...unreadRows(codedColumnsOf(model.recipe), codebook, found),
          ['Columns ignored', found.ignored.length === 0 ? undefined : found.ignored.join(', ')],
        ]),
        ...(found.classes === null ? [] : classTables(found.classes)),
      ];
      return { data: { coupleId: couple, family, target, ...found }, text: text.join('\n\n') };
    },
  });
}

/** The model of a training, or of a file: names of trainings and models have a form that paths rarely have. */
async function modelOf(member: Member, of: string, context: ActionContext): Promise<TrainedModel> {
  const { findTrainedModel, trainedModelSchema, verifyTrainedModel } =
    await import('@veritrain/member/models');
  if ([coupleId, modelId].some((name) => name.safeParse(of).success))
    return (await findTrainedModel(member, of, context)).model;
  const { parseUserJson, readUserFile } = await import('@veritrain/member/home');
  const model = parseUserJson(readUserFile(of, 'model'), trainedModelSchema, of, 'model');
  await verifyTrainedModel(member, model, context);
  return model;
}

/** Who was taken for whom, and of several classes the figures of each. */
export function classTables({ names, confusion, byClass }: ClassEvaluation): string[] {
  const texts = names.map(String);
  const matrix = table(
    ['rows of, taken for', ...texts],
    confusion.map((row, place) => [texts[place], ...row]),
    '',
  );
  if (byClass === null) return [matrix];
  const worth = (value: number | null): string | undefined => (value === null ? undefined : figure(value, 3));
  const figures = table(
    ['class', 'rows', 'precision', 'recall', 'F1', 'AUC'],
    byClass.map(({ rows, precision, recall, f1, auc }, place) => [
      texts[place],
      rows,
      ...[precision, recall, f1, auc].map(worth),
    ]),
    '',
  );
  return [matrix, figures];
}
