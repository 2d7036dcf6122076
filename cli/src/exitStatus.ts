/** Exit statuses of the command, the same for every noun and verb. */
export const exitStatus = {
  done: 0,
  /** The ledger or a peer said no. */
  refused: 1,
  /** No connection, or an identity that is missing or not accepted. */
  connection: 2,
  timeout: 3,
  /** The arguments, or a file that they name, are wrong. */
  arguments: 4,
  /** A bug in this program. */
  bug: 5,
  /** This machine refused: a full disk, a path that may not be read or written, too many open files. */
  system: 6,
  /** Ctrl-C, as shells write it: 128 + SIGINT. */
  interrupted: 130,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];
