// `npm run test:crashes`: kills an agent before and after each of its steps. Ends with one line, as `npm test` does.
import { parseArgs } from 'node:util';
import { ensureReady } from './setup.mjs';
import { report } from './results.mjs';
import { runTests } from './vitest.mjs';

const help = `npm run test:crashes -- [--only <step>]... [--help]

Kills an agent before and after each of its steps, in every round of a small couple, and starts it again. Each couple
must end with the model of an undisturbed one; steps that happen only when something goes wrong have markets in which
it does. One line for each crash, then what failed. All of it takes about half an hour on two cores.

  --only <step>  this step alone, such as submitUpdate; may be repeated
  --help         this text and the steps
`;

await ensureReady();
const { agentSteps } = await import('../agents/dist/runtime/steps.js');
const steps = Object.values(agentSteps).flat();
const { only, asksHelp } = readArguments();
if (asksHelp) {
  process.stdout.write(`${help}\nSteps: ${steps.join(', ')}\n`);
  process.exit(0);
}

const started = Date.now();
const results = await runTests(['--config', 'test/scenarios/crashes/vitest.config.mjs'], {
  reporter: 'verbose',
  env: only === undefined ? {} : { VERITRAIN_CRASH_STEPS: only.join(',') },
});
report(results, started);

function readArguments() {
  const options = { only: { type: 'string', multiple: true }, help: { type: 'boolean' } };
  try {
    const { values } = parseArgs({ options });
    const unknown = values.only?.find((step) => !steps.includes(step));
    if (unknown !== undefined) throw new Error(`There is no step ${unknown}. Steps: ${steps.join(', ')}`);
    return { only: values.only, asksHelp: values.help === true };
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${help}`);
    process.exit(2);
  }
}
