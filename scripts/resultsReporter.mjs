// A reporter of vitest: writes what came of each test, in the shape of results.mjs, to the file VERITRAIN_RESULTS.
import { writeFileSync } from 'node:fs';

export default class ResultsReporter {
  onTestRunEnd(modules) {
    writeFileSync(process.env.VERITRAIN_RESULTS, JSON.stringify(modules.flatMap(resultsOf)));
  }
}

/** A file or a suite with errors of its own did not get what its tests need (`beforeAll`): vitest skips those. */
function resultsOf(module) {
  const broken = [module, ...module.children.allSuites()].filter((group) => group.errors().length > 0);
  return [
    ...broken.map((group) => failed(nameOf(group, module), group.errors())),
    ...[...module.children.allTests()].map((test) => toResult(test, module)),
  ];
}

function toResult(test, module) {
  const { state, errors } = test.result();
  const name = nameOf(test, module);
  if (state === 'passed') return { name, outcome: state };
  if (state === 'failed') return failed(name, errors);
  return { name, outcome: 'skipped', reason: test.meta().reason ?? 'see its file' };
}

const nameOf = ({ fullName }, module) =>
  [module.relativeModuleId, ...(fullName ? [fullName] : [])].join(' > ');

/** The first line of the first error says enough to look it up. */
const failed = (name, [error]) => ({ name, outcome: 'failed', reason: error?.message.split('\n')[0] });
