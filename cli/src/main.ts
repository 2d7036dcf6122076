#!/usr/bin/env node
import type { VeritrainError } from '@veritrain/client-sdk';
import { CommanderError } from 'commander';
import { commandError } from './errors/commandErrors.js';
import { readEnvironment } from './environment.js';
import { describeFailure } from './errors/describeFailure.js';
import { exitStatus } from './envelope.js';
import { nouns } from './nouns.js';
import { createProgram } from './program.js';
import { createOutput } from './verb.js';

// A reader that closes the pipe early, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(
    error.code === 'EPIPE'
      ? exitStatus.done
      : failed(Object.assign(error, { path: 'standard output' }), 'text'),
  );
});
// Lost progress and logs are no reason to end, and there is nowhere to report them.
process.stderr.on('error', () => undefined);
process.on('uncaughtException', (error) => process.exit(failed(error)));

readEnvironment(process.env);
const args = process.argv.slice(2);
try {
  const program = await createProgram(args);
  await program.parseAsync(args, { from: 'user' });
} catch (error) {
  process.exitCode = failed(error);
}
// A full disk behind stdout is reported only when a write has been tried.
process.stdout.write('', (error) => {
  if (error == null) process.exit();
});

function failed(error: unknown, format = askedFormat()): number {
  if (error instanceof CommanderError && error.exitCode === 0) return exitStatus.done;
  const described = describeFailure(missingVerb(error) ?? error);
  createOutput(
    args
      .filter((word) => !word.startsWith('-'))
      .slice(0, 2)
      .join(' '),
    format,
  ).fail(described);
  return described.status;
}

/** A noun alone is not enough; the parser would only show its help. */
function missingVerb(error: unknown): VeritrainError | undefined {
  if (!(error instanceof CommanderError) || error.code !== 'commander.help') return undefined;
  const noun = args.find((word) => !word.startsWith('-'));
  const known = nouns.find(({ name }) => name === noun);
  return known === undefined
    ? commandError('VT9002', `Say which noun: ${nouns.map(({ name }) => name).join(', ')}.`)
    : commandError('VT9002', `Say which verb. ${known.name}: ${known.summary}.`);
}

/** The format has to be known even where the arguments cannot be read. */
function askedFormat(): string | undefined {
  const index = args.findIndex((word) => word === '--format' || word === '-f');
  return index < 0 ? args.find((word) => word.startsWith('--format='))?.slice(9) : args[index + 1];
}
