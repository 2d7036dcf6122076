// One shape for what ran: { name, outcome: 'passed' | 'failed' | 'skipped', reason? }.

const of = (results, outcome) => results.filter((result) => result.outcome === outcome);

/** Says what was left out and why, what failed, how long it took, and the closing line; then ends the process. */
export function report(results, started) {
  printSkipped(of(results, 'skipped'));
  printFailed(of(results, 'failed'));
  const minutes = ((Date.now() - started) / 60_000).toFixed(1);
  const counts = ['passed', 'failed', 'skipped'].map(
    (outcome) => `${of(results, outcome).length} ${outcome}`,
  );
  process.stdout.write(`\nTook ${minutes} minutes.\n${counts.join(', ')}\n`);
  process.exit(of(results, 'failed').length > 0 ? 1 : 0);
}

/** What has one reason stands under it. */
function printSkipped(skipped) {
  if (skipped.length > 0) process.stdout.write('\nLeft out:\n');
  // The project's scripts run on Node 20, which cannot group yet.
  for (const reason of new Set(skipped.map((result) => result.reason))) {
    process.stdout.write(`  ${reason}\n`);
    for (const { name } of skipped.filter((result) => result.reason === reason))
      process.stdout.write(`    ${name}\n`);
  }
}

function printFailed(failed) {
  if (failed.length > 0) process.stdout.write('\nFailed:\n');
  for (const { name, reason } of failed) process.stdout.write(`  ${name}${reason ? `: ${reason}` : ''}\n`);
}
