import { didYouMean, memberError } from '@veritrain/member/errors';
import type { Command } from 'commander';
import type { z } from 'zod';

/** `couple show`, without the program's own name. */
export function commandName(command: Command): string {
  const parent = command.parent;
  return parent?.parent == null ? command.name() : `${parent.name()} ${command.name()}`;
}

/** The verb's own arguments and options, by name, without the `common` options that all verbs share. */
export function ownValues(command: Command, common: readonly string[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  command.registeredArguments.forEach((argument, index) => {
    const value: unknown = command.processedArgs[index];
    if (value !== undefined) values[camelCase(argument.name())] = value;
  });
  for (const [name, value] of Object.entries(command.opts<Record<string, unknown>>())) {
    if (!common.includes(name)) values[name] = value;
  }
  return values;
}

const camelCase = (name: string): string =>
  name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
const kebabCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Parses the values by the schema. @throws WRONG_ARGUMENT that names the first wrong argument */
export function parseArguments<S extends z.ZodType>(
  schema: S,
  values: unknown,
  command: Command,
): z.output<S> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = String(issue?.path[0] ?? '');
  const positional = command.registeredArguments.some((argument) => camelCase(argument.name()) === name);
  const shown = positional ? `<${kebabCase(name)}>` : `--${kebabCase(name)}`;
  const value = valueAt(values, issue?.path ?? []);
  const help = `veritrain ${commandName(command)} --help`;
  throw memberError('VT9001', `${shown}: ${reasonOf(issue, value)}.${suggestion(issue, value)}`, {
    facts: { argument: shown, ...(typeof value === 'string' ? { given: value } : {}) },
    hint: `Fix ${shown}; \`${help}\` has examples.`,
  });
}

/** The wrong value itself, also inside a list. */
function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (Reflect.get(value, key) as unknown) : undefined,
    values,
  );
}

function reasonOf(issue: z.core.$ZodIssue | undefined, value: unknown): string {
  if (value === undefined) return 'is missing';
  if (issue?.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  return (issue?.message ?? 'is wrong').replace(/^Invalid input: |\.$/g, '');
}

function suggestion(issue: z.core.$ZodIssue | undefined, value: unknown): string {
  return issue?.code === 'invalid_value' && typeof value === 'string'
    ? didYouMean(value, issue.values.map(String))
    : '';
}
