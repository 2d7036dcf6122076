// One shape for what ran: { name, outcome: 'passed' | 'failed' | 'skipped', reason? }.

const count = (results, outcome) => results.filter((result) => result.outcome === outcome).length;

export const closingLine = (results) =>
  `${count(results, 'passed')} passed, ${count(results, 'failed')} failed, ${count(results, 'skipped')} skipped`;

export function printSkipped(results) {
  const skipped = results.filter(({ outcome }) => outcome === 'skipped');
  if (skipped.length > 0) process.stdout.write('\nLeft out:\n');
  for (const { name, reason } of skipped) process.stdout.write(`  ${name}: ${reason}\n`);
}

export function printFailed(results) {
  const failed = results.filter(({ outcome }) => outcome === 'failed');
  if (failed.length > 0) process.stdout.write('\nFailed:\n');
  for (const { name, reason } of failed) process.stdout.write(`  ${name}${reason ? `: ${reason}` : ''}\n`);
}
