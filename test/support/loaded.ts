import { execFileSync } from 'node:child_process';

/**
 * When the process ends, it prints all that it loaded as its last line: URLs of ES modules and CommonJS, and the names of
 * Node's own modules.
 */
const listing = `
  import { writeSync } from 'node:fs';
  import { registerHooks } from 'node:module';
  const loaded = new Set();
  registerHooks({
    load(url, context, nextLoad) {
      loaded.add(url);
      return nextLoad(url, context);
    },
  });
  process.on('exit', () => writeSync(1, '\\n' + JSON.stringify([...loaded, ...process.moduleLoadList]) + '\\n'));`;

/** Everything that a fresh process of Node with these arguments has loaded by its end. @throws where it failed */
export function loadedByNode(...args: string[]): string[] {
  const hooks = `data:text/javascript,${encodeURIComponent(listing)}`;
  const said = execFileSync(process.execPath, ['--import', hooks, ...args], { encoding: 'utf8' });
  return JSON.parse(said.trimEnd().split('\n').at(-1) ?? '') as string[];
}

/** Everything that a fresh process has loaded once it imported a module. */
export const loadedBy = (specifier: string): string[] =>
  loadedByNode(
    '--input-type=module',
    '--eval',
    `await import(${JSON.stringify(import.meta.resolve(specifier))})`,
  );

/** The installed packages that these files belong to. */
export const packagesOf = (urls: string[]): Set<string> =>
  new Set(
    urls.flatMap((url) => {
      const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
      return name === undefined ? [] : [name];
    }),
  );
