import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { VeritrainError } from '@veritrain/client-sdk';
import { memberError } from '@veritrain/member/errors';
import type { z } from 'zod';

/** The definition of a command's options. */
export interface CommandLine<Schema extends z.ZodType> {
  /** The command as users type it, such as `npm run prepare-network --`. */
  readonly command: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  readonly schema: Schema;
}

/** @returns undefined if help is requested. @throws WRONG_ARGUMENT naming the first wrong option */
export function readArguments<Schema extends z.ZodType>(
  line: CommandLine<Schema>,
): z.output<Schema> | undefined {
  const { help = false, ...given } = parsed(line);
  if (help === true) return undefined;
  const checked = line.schema.safeParse(given);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const [option] = issue?.path ?? [];
  const which = option === undefined ? '' : `--${String(option)}: `;
  throw wrongArgument(line.command, `${which}${issue?.message ?? ''}`);
}

function parsed({ command, options }: CommandLine<z.ZodType>): Record<string, unknown> {
  try {
    return { ...parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } }).values };
  } catch (error) {
    throw wrongArgument(command, error instanceof Error ? error.message : String(error));
  }
}

export const wrongArgument = (command: string, what: string): VeritrainError =>
  memberError('VT9001', what, { hint: `See ${command} --help.` });
