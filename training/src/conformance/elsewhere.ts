import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** What another process computes of the subject that a module exports. Its errors are that process's last words. */
export async function digestElsewhere(module: string): Promise<string> {
  const suite = createRequire(import.meta.url).resolve('@veritrain/training/conformance');
  const [own, subject] = [pathToFileURL(suite).href, module].map((address) => JSON.stringify(address));
  const program = `
    const { trainingDigest } = await import(${own ?? ''});
    const { default: subject } = await import(${subject ?? ''});
    process.stdout.write(await trainingDigest(subject));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  return stdout;
}
