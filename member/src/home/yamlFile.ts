import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';
import type { z } from 'zod';
import { memberError } from '../errors/memberError.js';
import { checkForm } from './userInput.js';

/** For some texts the parser's time grows with the square of their length. */
export const maxYamlBytes = 128 * 1024;

/** The parser recurses for each level; a stack overflow may end the process. */
const maxLevels = 64;

/** The parser has 70 files, and few commands read YAML. */
const loadYaml = (): typeof Yaml => createRequire(import.meta.url)('yaml') as typeof Yaml;

/** Parses YAML that the user gave and checks its form. @throws FILE_INVALID */
export function parseUserYaml<T>(text: string, schema: z.ZodType<T>, path: string, what: string): T {
  let yaml: unknown;
  try {
    if (levelsOf(text) > maxLevels) throw new RangeError(`It has more than ${maxLevels} levels of nesting.`);
    yaml = loadYaml().parse(text);
  } catch (cause) {
    const [problem = ''] = cause instanceof Error ? cause.message.split('\n') : [];
    throw memberError('VT9004', `The ${what} ${path} is not YAML.`, { facts: { path, problem }, cause });
  }
  return checkForm(yaml, schema, path, what);
}

const changes: Readonly<Record<string, number>> = { '[': 1, '{': 1, ']': -1, '}': -1 };

/** An upper bound of the nesting: by brackets, or by several levels that begin on one line (`- - - x`). */
function levelsOf(text: string): number {
  let [brackets, onLine, most] = [0, 0, 0];
  const { Lexer } = loadYaml();
  for (const token of new Lexer().lex(text)) {
    brackets += changes[token] ?? 0;
    if (token === '-' || token === '?') onLine += 1;
    if (token.startsWith('\n') || token.startsWith('\r')) onLine = 0;
    most = Math.max(most, brackets, onLine);
  }
  return most;
}
