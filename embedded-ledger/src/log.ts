/** Where the ledger tells what happens to it: one line a call, by default on stderr. */
export type Log = (line: string) => void;

export const logToStderr: Log = (line) => {
  process.stderr.write(`${line}\n`);
};
