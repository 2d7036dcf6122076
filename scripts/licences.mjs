// Every package that a user's installation brings must have a licence of this list.
import satisfies from 'spdx-satisfies';
import { run } from './setup.mjs';

const allowed = [
  'Apache-2.0', 'MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'CC0-1.0', 'Unlicense',
]; // prettier-ignore

const licenceOf = ({ license, licenses }) => {
  const named = license ?? licenses;
  const first = Array.isArray(named) ? named[0] : named;
  return typeof first === 'object' ? first.type : first;
};

function isAllowed(licence) {
  try {
    return satisfies(licence, allowed);
  } catch {
    return false;
  }
}

// By the flag and not by `:not(.dev)`, which leaves out what users install as soon as some workspace tests with it, too.
const { status, output } = await run('npm', ['query', ':not(.workspace):not(:root)', '--loglevel=silent'], {
  capture: true,
});
if (status !== 0) {
  process.stdout.write(`npm query failed: ${output}\n`);
  process.exit(1);
}
const packages = JSON.parse(output.slice(output.indexOf('['))).filter(({ dev }) => !dev);
const refused = packages.filter((each) => !isAllowed(licenceOf(each)));
for (const each of refused) process.stdout.write(`${each.name} ${each.version}: ${licenceOf(each)}\n`);
process.stdout.write(
  `${packages.length} packages, ${refused.length} with a licence that is not on the list\n`,
);
process.exit(packages.length === 0 || refused.length > 0 ? 1 : 0);
