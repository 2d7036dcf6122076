import { delimiter, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { homePath } from './environment.js';
import { commandError } from './errors/commandErrors.js';

/**
 * Loads the ES modules that `VERITRAIN_FAMILY_FILES` lists, as PATH lists folders: each registers model families of one's own. What
 * they run is the operator's choice, as with any code that one installs.
 * @throws VeritrainError VT9009 where one cannot be loaded, or registers none with this command
 */
export async function loadOwnFamilies({ VERITRAIN_FAMILY_FILES: listed }: NodeJS.ProcessEnv): Promise<void> {
  if (listed === undefined) return;
  const { ownFamilies } = await import('@veritrain/training/families');
  for (const entry of listed.split(delimiter).filter((text) => text !== '')) {
    const file = resolve(homePath(entry));
    const known = ownFamilies().length;
    try {
      await import(pathToFileURL(file).href);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw commandError('VT9009', `${file} does not load: ${why}`, { cause, facts: { file } });
    }
    if (ownFamilies().length === known)
      throw commandError('VT9009', `${file} registers no model family with this command.`, {
        facts: { file },
      });
  }
}
