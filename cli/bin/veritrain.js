#!/usr/bin/env node
// Here and not in dist/, so that npm can link the command before the package is built. An older Node can read this file,
// and is told so before it reads what it cannot.
import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const least = engines.node.replace('>=', '');
const numbered = (version) => version.split('.').map(Number);
const [major, minor] = numbered(process.versions.node);
const [minMajor, minMinor] = numbered(least);

if (major < minMajor || (major === minMajor && minor < minMinor)) {
  process.stderr.write(
    `VT9008 NODE_TOO_OLD: This is Node ${process.versions.node}, and the command needs ${least} or newer.\n` +
      'What to do: Install a newer Node. In a clone of the repository `npm ci` has brought\n' +
      '  one: put its node_modules/.bin at the front of PATH.\n',
  );
  process.exitCode = 2;
} else {
  keepCompiledCode();
  await import('../dist/main.js');
}

// Commands start often, and so do the agents and ledgers that they start: what these load is compiled once. They inherit
// the variable. Without a folder, or one that cannot be written, Node goes on without a cache.
function keepCompiledCode() {
  try {
    process.env.NODE_COMPILE_CACHE ||= join(homedir(), '.cache', 'veritrain', 'compiled');
  } catch {
    return; // This user has no home.
  }
  nodeModule.enableCompileCache(process.env.NODE_COMPILE_CACHE);
}
