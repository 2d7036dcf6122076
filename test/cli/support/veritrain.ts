import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = dirname(fileURLToPath(import.meta.resolve('@veritrain/cli/package.json')));
const program = join(cli, 'bin', 'veritrain.js');

export interface Called {
  status: number;
  stdout: string;
  stderr: string;
}

export interface Caller {
  /** Where it is called. */
  folder: string;
  /** VERITRAIN_HOME. */
  home: string;
  env?: Record<string, string>;
  /** Options of Node itself. */
  node?: string[];
}

/** Calls the command as a shell would. */
export function callVeritrain(args: string[], { folder, home, env, node = [] }: Caller): Promise<Called> {
  return new Promise((resolve) => {
    const { PATH, NODE_COMPILE_CACHE } = process.env;
    const options = { cwd: folder, env: { PATH, NODE_COMPILE_CACHE, VERITRAIN_HOME: home, ...env } };
    execFile(process.execPath, [...node, program, ...args], options, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
  });
}
