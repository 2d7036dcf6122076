import type { ModelCard } from '@veritrain/member/models';
import { type ColumnRecipe, defineProgram } from '@veritrain/training';
import { describe, expect, it } from 'vitest';
import { cardMarkdown } from './cardMarkdown.js';

const digest = (character: string): string => `sha256:${character.repeat(64)}`;
const card: ModelCard = {
  schemaVersion: 1,
  model: {
    modelId: 'md_one',
    ownerId: 'pt_lab',
    digest: digest('a'),
    target: 'left | _now_ <b>',
    task: 'classification',
    program: defineProgram({ family: 'logistic', degree: 1, featureMap: { kind: 'polynomial', degree: 2 } }),
    programDigest: digest('b'),
    numbers: 12,
  },
  data: {
    datasetId: 'ds_one',
    ownerId: 'pt_shop',
    templateDigest: digest('c'),
    rows: 400,
    subsetRows: [200, 200],
    features: ['tenure', 'plan = plus'],
    recipe: {
      columns: [
        { column: 'tenure', kind: 'number' },
        { column: 'plan', kind: 'category', reference: 'basic', levels: ['plus'], other: false, missing: 'flag' },
      ], // prettier-ignore
      classes: ['no', 'yes'],
    },
    replicas: 3,
  },
  training: {
    coupleId: 'tc_one',
    rounds: 3,
    startedRounds: 4,
    subsetsPerRound: 1,
    steps: { boundRounds: 1, refusedSteps: 0 },
    resultBits: 18,
    recorded: [{ name: 'rounds', value: '3' }],
  },
  figures: null,
  privacy: {
    exposure: 'mappedMoments',
    terms: { aggregation: 'perSubset', requestRules: { mostRounds: 9, protections: ['encrypted'] } },
    templateTerms: { noise: { epsilon: 2 } },
  },
  signed: [{ step: 'trainingApproved', by: 'pt_shop', transactionId: 'f'.repeat(64) }],
};

describe('cardMarkdown', () => {
  const page = cardMarkdown(card);

  it('says model, rows, rounds, terms and signatures as they are recorded, in 80 columns', () => {
    for (const line of [
      '- **Feature map**: polynomial, degree 2',
      '- **Rows**: 400, in subsets of 200, 200',
      '- **Rounds**: 3 in the model, 4 started, 1 subset each',
      '- **Steps**: bound active in 1 round',
      '- pt_shop approved it:',
      '- 1 round brought nothing that it could use.',
    ])
      expect(page).toContain(`\n${line}`);
    for (const line of page.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('shows terms that it does not know by their names', () => {
    expect(page).toContain('- **requestRules.mostRounds**: 9\n- **requestRules.protections**: encrypted\n');
    expect(page).toContain('- **noise.epsilon**: 2\n');
  });

  it('takes no markup from the names of others', () => {
    expect(page).toContain('# md_one: left \\| \\_now\\_ \\<b\\>\n');
  });

  it('shows figures with the table that they are of, and says so where there are none', () => {
    expect(page).not.toContain('## Figures');
    expect(page).toContain('- No figure of its predictions is on this page');
    const metrics = [{ name: 'auc', value: 0.75 }] as const;
    const figures = { source: 'test.csv', digest: digest('d'), rows: 9, metrics };
    const measured = cardMarkdown({ ...card, figures });
    expect(measured).toContain('- **Table**: test.csv, 9 rows\n');
    expect(measured).toContain('- **AUC**: 0.75\n');
    expect(measured).not.toContain('No figure');
  });

  it('says of which columns only the data owner knows the levels', () => {
    expect(page).not.toContain('Levels are codes');
    const plan: ColumnRecipe = {
      column: 'plan',
      kind: 'category',
      reference: 'c-aaaaaaaaaa',
      levels: ['c-bbbbbbbbbb'],
      codes: true,
      other: false,
      missing: 'flag',
    };
    const coded = { ...card, data: { ...card.data, recipe: { columns: [plan] } } };
    expect(cardMarkdown(coded)).toContain('- **Levels are codes**: of plan: the data owner');
  });
});
