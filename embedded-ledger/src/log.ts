/** Receives the ledger's log, one line a call; stderr by default. */
export type Log = (line: string) => void;

export const logToStderr: Log = (line) => {
  process.stderr.write(`${line}\n`);
};
