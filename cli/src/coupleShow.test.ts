import { expect, it } from 'vitest';
import { drawTexts } from './coupleShow.js';

it('attack 45: draws are drawn again, and what does not follow is named', () => {
  const right = { attempt: 1, started: true, fault: null };
  expect(drawTexts([])).toEqual([]);
  expect(drawTexts([right, { attempt: 2, started: false, fault: null }])).toEqual([
    'Drawn again from both sides’ links: 1 of 1 draws are right.',
  ]);
  expect(drawTexts([right, { attempt: 2, started: true, fault: 'seed' }])).toEqual([
    'The draw of attempt 2 is wrong: the seed does not follow from both links and the model.',
  ]);
});
