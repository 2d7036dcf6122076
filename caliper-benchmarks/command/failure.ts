/** Ends a command with what went wrong, and what to do where the error says it. */
export function reportFailure(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof Error && 'hint' in error ? String(error.hint) : '';
  process.stderr.write(`${message}\n${hint === '' ? '' : `${hint}\n`}`);
  process.exitCode ??= 1;
}
