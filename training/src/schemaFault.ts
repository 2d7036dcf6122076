import { z } from 'zod';

/** Issues that a message names, and characters that it has at most: more would fill logs with what somebody else sent. */
const MAX_ISSUES = 5;
const MAX_CHARACTERS = 1000;

/** What a schema has against a value, however much of it is wrong. */
export interface SchemaFault {
  /** One line of at most some 1000 characters. */
  readonly what: string;
  /** The first issues. */
  readonly cause: z.ZodError;
}

/** The first issues of a schema's error. */
export function schemaFault({ issues }: z.ZodError): SchemaFault {
  const cause = new z.ZodError(issues.slice(0, MAX_ISSUES));
  const text = z.prettifyError(cause).replaceAll('\n', ' ');
  const shown = text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS)}…`;
  const left = issues.length - cause.issues.length;
  return { what: left === 0 ? shown : `${shown} (and ${left} more)`, cause };
}
