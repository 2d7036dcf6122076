import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { NetworkError } from '../errors.js';
import { lastWords } from './lastWords.js';

export interface Command {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs one of Fabric's programs to its end.
 * @returns its output on stdout
 * @throws NetworkError PROGRAM_FAILED with its last lines; the signal's reason
 */
export async function runProgram({ program, signal, ...command }: Command): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, command.arguments, {
      env: cleanEnvironment(command.environment),
      maxBuffer: 64 * 1024 * 1024,
      ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
      ...(signal === undefined ? {} : { signal }),
    });
    return stdout;
  } catch (cause) {
    signal?.throwIfAborted();
    const { stderr = '', stdout = '' } = cause as { stderr?: string; stdout?: string };
    const said = lastWords(`${stdout}\n${stderr}`.split('\n'));
    const verb = [basename(program), ...command.arguments.filter((each) => /^[a-z]/.test(each)).slice(0, 3)];
    throw new NetworkError('VT9507', `\`${verb.join(' ')}\` failed: ${said}`, {
      facts: { program },
      cause,
    });
  }
}

/**
 * The caller's environment without variables that would configure Fabric's programs in another way than our files do.
 */
export function cleanEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(CORE|ORDERER|FABRIC|CONFIGTX)_/.test(name) || name === 'FABRIC_LOGGING_SPEC',
  );
  return { ...Object.fromEntries(kept), ...more };
}
