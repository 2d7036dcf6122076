// Vitest's order of files, longest first, so that the end of a run is not one worker with a long file. Vitest knows how
// long files took in the last run; a fresh clone has had none. So those of minutes are named here.
import { BaseSequencer } from 'vitest/node';

const longest = [
  'test/demo/demo.test.ts',
  'test/repo/examples.test.ts',
  'test/demo/otherPlaces.test.ts',
  'test/cli/firstMarket.test.ts',
  'test/scenarios/rareCrashes.test.ts',
  'test/repo/caliper.test.ts',
  'test/scenarios/silence.test.ts',
  'test/repo/packages.test.ts',
  'test/fabric/',
  'test/scenarios/',
  'test/demo/',
  'test/sdk/vault/',
  'test/cli/',
  'embedded-ledger/test/',
  'network/test/',
];

const placeOf = ({ moduleId }) => {
  const place = longest.findIndex((path) => moduleId.includes(`/${path}`));
  return place < 0 ? longest.length : place;
};

export default class LongestFirst extends BaseSequencer {
  async sort(files) {
    const sorted = await super.sort(files);
    const isFresh = sorted.every((file) => this.ctx.cache.getTestSpecificationResult(file) === undefined);
    return isFresh ? sorted.sort((one, other) => placeOf(one) - placeOf(other)) : sorted;
  }
}
