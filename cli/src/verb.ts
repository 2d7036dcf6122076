import { isVeritrainError } from '@veritrain/client-sdk/errors';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { commandName, ownValues, parseArguments } from './arguments.js';
import { exitStatus, type ExitStatus } from './envelope.js';
import { homePath } from './environment.js';
import { commandError } from './errors/commandErrors.js';
import { type Described, describeFailure } from './errors/describeFailure.js';
import { loadOwnFamilies } from './ownFamilies.js';
import { type Answer, type Format, formats, Output } from './output.js';
import { Session } from './session.js';
import { columns, wrap } from './text.js';

/** One verb: its arguments, and its work on the parsed input. */
export interface VerbDefinition<S extends z.ZodType> {
  name: string;
  summary: string;
  /** Paragraphs of the help, below the usage. */
  details?: readonly string[];
  /** `<name>` or `[name]`, and its meaning. */
  arguments?: readonly (readonly [string, string])[];
  /** Flags as commander reads them, and their meaning. Every value reaches the schema as a string. */
  options?: readonly (readonly [string, string])[];
  examples: readonly string[];
  input: S;
  /** It works without a profile. */
  local?: boolean;
  /** Formats of a file that it writes, beside those of the answer: with one of these the answer is text. */
  fileFormats?: readonly string[];
  /** It asks before it does something; `--yes` agrees beforehand. */
  asks?: boolean;
  /** The hint after Ctrl-C, for a verb that does not go on from there when it is called again. */
  afterInterrupt?: string;
  run: (input: z.output<S>, session: Session) => Promise<Answer>;
}

/** The options of every verb, with the formats that this one knows. */
const commonOptions = (fileFormats: readonly string[] = []) =>
  z.object({
    profile: z.string().optional(),
    format: z.enum([...formats, ...fileFormats]).default('text'),
    quiet: z.boolean().default(false),
    yes: z.boolean().default(false),
    timeout: z.coerce.number().positive().max(86_400).optional(),
  });

/** Makes the command of a verb. Every verb has the same formats, errors and exit statuses. */
export function verb<S extends z.ZodType>(definition: VerbDefinition<S>): Command {
  const command = new Command(definition.name).summary(definition.summary);
  command.description([definition.summary, ...(definition.details ?? [])].join('\n\n'));
  for (const [name, description] of definition.arguments ?? []) {
    if (isPath(name)) command.argument(name, description, homePath);
    else command.argument(name, description);
  }
  for (const [flags, description] of definition.options ?? []) {
    if (isPath(flags)) command.option(flags, description, homePath);
    else command.option(flags, description);
  }
  addCommonOptions(command, definition);
  command.addHelpText('after', `\nExamples:\n${definition.examples.map(exampleLines).join('')}`);
  command.action(async () => {
    process.exitCode = await runVerb(definition, command);
  });
  return command;
}

/** Whether a value is a path, by its name in the help. */
const isPath = (declared: string): boolean => /[<[](file|folder|csv)[>\]]/.test(declared);

/** Breaks a long example with backslashes, so that people can copy it. */
function exampleLines(example: string): string {
  const lines = wrap(example, columns - 4, '    ');
  return `  ${lines.join(' \\\n  ')}\n`;
}

function addCommonOptions(
  command: Command,
  { local, asks, fileFormats }: Pick<VerbDefinition<z.ZodType>, 'local' | 'asks' | 'fileFormats'>,
): void {
  if (local !== true) {
    command.option(
      '-p, --profile <name>',
      'whose profile: a name, a folder or a file (VERITRAIN_PROFILE)',
      homePath,
    );
    command.option('--timeout <seconds>', 'give up after this long');
  }
  if (asks === true) command.option('-y, --yes', 'agree beforehand, without a question');
  const known = [...formats, ...(fileFormats ?? [])];
  const listed = `${known.slice(0, -1).join(', ')} or ${known.at(-1) ?? ''}`;
  command.addOption(new Option('-f, --format <format>', listed).default('text'));
  command.option('-q, --quiet', 'no progress on stderr');
}

async function runVerb<S extends z.ZodType>(
  definition: VerbDefinition<S>,
  command: Command,
): Promise<ExitStatus> {
  const given = command.opts<Record<string, unknown>>();
  const output = createOutput(commandName(command), given.format, given.quiet === true);
  const stop = new AbortController();
  const interrupt = interruptible(stop, definition.afterInterrupt);
  let session: Session | undefined;
  try {
    const schema = commonOptions(definition.fileFormats);
    const common = parseArguments(schema, given, command);
    const own = ownValues(command, Object.keys(schema.shape));
    if (definition.fileFormats?.includes(common.format) === true) own.format = common.format;
    const input = parseArguments(definition.input, own, command);
    session = new Session({
      output,
      signal: withTimeout(stop, common.timeout),
      profile: common.profile,
      agreed: common.yes,
    });
    await loadOwnFamilies(process.env);
    const answer = await definition.run(input, session);
    output.answer(answer);
    return answer.failure?.status ?? exitStatus.done;
  } catch (error) {
    const described = describeFailure(stop.signal.aborted ? stopped(stop.signal, error) : error);
    output.fail(output.format === 'text' ? named(session, described) : described);
    return described.status;
  } finally {
    interrupt.stopListening();
    await session?.close();
  }
}

const named = (session: Session | undefined, described: Described): Described =>
  session?.named(described) ?? described;

/** An output for a format that may be unknown; then it is text. */
export function createOutput(command: string, format: unknown, quiet = false): Output {
  const known = formats.find((name) => name === format) ?? ('text' satisfies Format);
  return new Output({ command, format: known, quiet, stdout: process.stdout, stderr: process.stderr });
}

function withTimeout(stop: AbortController, seconds: number | undefined): AbortSignal {
  if (seconds === undefined) return stop.signal;
  const timer = setTimeout(
    () => stop.abort(commandError('VT9301', `It was not done after ${seconds} s.`)),
    seconds * 1000,
  );
  timer.unref();
  return stop.signal;
}

/** The reason of the stop, a signal or the timeout. Other errors only follow from it. */
function stopped(signal: AbortSignal, error: unknown): unknown {
  return isVeritrainError(signal.reason) ? signal.reason : error;
}

/** The first Ctrl-C asks for an orderly end, the second one exits. */
function interruptible(stop: AbortController, hint: string | undefined): { stopListening: () => void } {
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(exitStatus.interrupted);
    stop.abort(commandError('VT9302', 'Stopped by a signal.', hint === undefined ? {} : { hint }));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    stopListening: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

/** The command of a noun, which does nothing without a verb. */
export function noun(name: string, summary: string, verbs: readonly Command[]): Command {
  const command = new Command(name).summary(summary).description(summary);
  for (const one of verbs) command.addCommand(one);
  return command;
}
