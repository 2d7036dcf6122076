import type { DrawCheck, DrawFault } from '@veritrain/client-sdk/protocol';

const faults: Readonly<Record<DrawFault, string>> = {
  missing: 'it has no record',
  modelOwnerLink: 'the model owner’s link does not lead to its anchor',
  dataOwnerLink: 'the data owner’s link does not lead to its anchor',
  seed: 'the seed does not follow from both links and the model',
  subsets: 'other subsets were drawn than the seed gives',
};

/** What came of drawing a training's attempts again, in one line each. */
export function drawTexts(draws: readonly DrawCheck[]): string[] {
  const wrong = draws.flatMap(({ attempt, fault }) =>
    fault === null ? [] : [`The draw of attempt ${attempt} is wrong: ${faults[fault]}.`],
  );
  const drawn = draws.filter(({ started }) => started).length;
  if (wrong.length > 0 || drawn === 0) return wrong;
  return [`Drawn again from both sides’ links: ${drawn} of ${drawn} draws are right.`];
}
