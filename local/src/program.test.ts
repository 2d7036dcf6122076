import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { type ProgramOptions, startProgram } from './program.js';

const isRunning = (processId: number): boolean => {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
};

const run = (source: string, options: Partial<ProgramOptions> = {}) =>
  startProgram(process.execPath, { arguments: ['--eval', source], watchesStdin: true, ...options });

describe('a program', () => {
  it('hands on its lines, and has ended once all of them have been read', async () => {
    const log: string[] = [];
    const output: string[] = [];
    const program = await run(
      `console.error('no key'); process.stdout.write('one\\ntwo'); process.exitCode = 3;`,
      {
        log: (line) => log.push(line),
        onOutput: (line) => output.push(line),
      },
    );
    expect(await program.ended).toBe(3);
    expect([log, output]).toEqual([['no key'], ['one', 'two']]);
    expect(program.lastWords()).toBe('no key');
  });

  it('gets the variables that it is given, in addition to this process’s or instead of them', async () => {
    const output: string[] = [];
    const told = {
      environment: { GIVEN: 'yes' },
      onOutput: (line: string) => output.push(line),
    };
    const tells = `console.log(process.env.GIVEN, process.env.HOME !== undefined)`;
    for (const inheritsEnvironment of [true, false])
      await (
        await run(tells, { ...told, inheritsEnvironment })
      ).ended;
    expect(output).toEqual(['yes true', 'yes false']);
  });

  it('that does not exist is named in the error', async () => {
    const absent = startProgram('/nowhere/absent', { arguments: [], watchesStdin: false });
    await expect(absent).rejects.toThrow(/could not be started.*\/nowhere\/absent.*ENOENT/);
  });

  it('is killed where it does not stop in time', async () => {
    const output: string[] = [];
    const deaf = `process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000); console.log('deaf');`;
    const program = await run(deaf, { stopWithinMs: 100, onOutput: (line) => output.push(line) });
    await vi.waitFor(() => expect(output).toEqual(['deaf']), 10_000);
    await program.stop();
    expect(await program.ended).toBe('SIGKILL');
    await program.stop();
  });

  it.each([true, false])('ends with who started it, by itself: %s', async (watchesStdin) => {
    const starts = `
      import { startProgram } from ${JSON.stringify(import.meta.resolve('../dist/program.js'))};
      const source = 'process.stdin.on("end", () => process.exit()).resume(); setInterval(() => undefined, 1000)';
      const options = { arguments: ['--eval', source], watchesStdin: ${String(watchesStdin)} };
      console.log((await startProgram(process.execPath, options)).processId);`;
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', starts], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
    const processId = Number(chunk);
    expect(isRunning(processId)).toBe(true);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await vi.waitFor(() => expect(isRunning(processId)).toBe(false), 10_000);
  });
});
