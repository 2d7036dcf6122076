import { parse } from 'yaml';
import type { z } from 'zod';
import { AgentsError } from './agentsError.js';
import { checkForm } from './files.js';

/** YAML that the user named, of the given form. @throws AgentsError FILE_INVALID */
export function parseUserYaml<T>(text: string, schema: z.ZodType<T>, path: string, what: string): T {
  let yaml: unknown;
  try {
    yaml = parse(text);
  } catch (cause) {
    const [problem = ''] = cause instanceof Error ? cause.message.split('\n') : [];
    throw new AgentsError('VT9004', `The ${what} ${path} is not YAML.`, { facts: { path, problem }, cause });
  }
  return checkForm(yaml, schema, path, what);
}
