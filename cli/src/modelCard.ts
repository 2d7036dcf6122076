import type { Command } from 'commander';
import { z } from 'zod';
import { cardMarkdown } from './cardMarkdown.js';
import { codebookOption, codebookValue } from './codebookOption.js';
import { csvOptionsOf, tableOptions, tableValues } from './tableOptions.js';
import { trained } from './values.js';
import { verb } from './verb.js';

/** `veritrain model card` */
export function card(): Command {
  return verb({
    name: 'card',
    summary: 'what is known of a finished model, as a page to hand on',
    details: [
      'A Markdown page of the model, the rows it learnt from, its training, who could learn what, and who signed: all of it from the ledger and the documents whose digests are there. Nothing is typed in, and nothing of a row or of the model’s numbers is on it.',
      'With --data, a table of one’s own that has the target, it also shows how good the predictions are there. Rows that the data owner set aside (`dataset split --test-share`) are such a table.',
    ],
    arguments: [['<of>', 'a training, or a model: its last finished training']],
    options: [
      ['--data <csv>', 'rows to measure the model on'],
      ['--out <file>', 'write the page there'],
      codebookOption,
      ...tableOptions,
    ],
    examples: [
      'veritrain model card tc_spring',
      'veritrain model card md_ridge1 --data test.csv --out card.md',
      'veritrain model card tc_spring --format json',
    ],
    input: z.strictObject({
      of: trained,
      data: z.string().min(1).optional(),
      out: z.string().min(1).optional(),
      codebook: codebookValue,
      ...tableValues,
    }),
    run: async ({ of, data: path, out, codebook: book, ...given }, session) => {
      const { maxTableBytes, readUserBytes, writeNewFile } = await import('@veritrain/member/home');
      const { modelCard, readCodebook } = await import('@veritrain/member/models');
      const codebook = book === undefined ? undefined : readCodebook(book);
      const table =
        path === undefined
          ? undefined
          : {
              csv: readUserBytes(path, 'table', maxTableBytes),
              source: path,
              form: { ...csvOptionsOf(given), codebook },
            };
      const made = await modelCard(await session.member(), { of, table }, session.context);
      const page = cardMarkdown(made);
      if (out !== undefined) writeNewFile(out, page);
      return { data: made, text: out === undefined ? page.trimEnd() : `Written to ${out}` };
    },
  });
}
