import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Kills a process when this one is gone, however it ended, for programs that do not look after their parent. A shell
 * waits at the other end of a pipe that breaks then. The shell is ended first when the program ends, so that it never
 * signals an id that another process may have by then.
 */
export function endWithThisProcess(program: ChildProcess, ended: Promise<unknown>): void {
  const script = 'read -r _; kill -KILL "$1" 2>/dev/null';
  const guard = spawn('sh', ['-c', script, 'sh', String(program.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  const end = (): void => {
    guard.kill('SIGKILL');
    guard.stdin.destroy();
  };
  ended.then(end, end);
}
