/** Exit statuses of the command, the same for every noun and verb. */
export const exitStatus = {
  done: 0,
  refused: 1,
  connection: 2,
  timeout: 3,
  arguments: 4,
  bug: 5,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];
