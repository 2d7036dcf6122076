import { documentOf, takenBy } from './documentTargets.js';
import { mutatedJson } from './documents.js';
import { csvs } from './tableTargets.js';
import { Broken, requireFinite, type Target, type Training } from './target.js';

/** A template's recipe and the codebook of its levels, by which a model reads raw rows. */
export function recipeTarget(training: Training): Target {
  const secret = new Uint8Array(32).fill(7);
  const [rows = new Uint8Array()] = csvs;
  const table = training.parseTable(rows, {
    source: 'rows',
    target: 'y',
    missing: 'fill',
    codes: { secret },
  });
  const { codebook } = table;
  const { template } = training.splitTable(table, { subsets: 2, seed: secret });
  if (codebook === undefined || template.recipe === undefined) throw new Error('the table has no categories');
  return {
    name: 'recipe and codebook',
    weight: 8,
    run: (chance) =>
      Promise.resolve().then(() => {
        const { recipe, columns } = chance.below(2)
          ? documentOf(template, chance, training.decodeTemplate, training.parseTemplate)
          : template;
        const mutated = chance.below(4) ? mutatedJson(codebook, chance) : codebook;
        const book = takenBy(training, training.codebookSchema, mutated);
        const decoded = training.decodeRecipe(recipe, book);
        if (training.codedColumnsOf(decoded).length > 0) throw new Broken('a decoded recipe has codes');
        const read = training.parseRows(rows, { recipe, columns, codebook: book, source: 'rows' });
        requireFinite([...read.values], 'the features of rows under a mutated recipe');
      }),
  };
}
