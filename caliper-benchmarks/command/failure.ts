/** Ends a command with the error's message and its hint, if there is one. */
export function reportFailure(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof Error && 'hint' in error ? String(error.hint) : '';
  process.stderr.write(`${message}\n${hint === '' ? '' : `${hint}\n`}`);
  process.exitCode ??= 1;
}
