import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { nouns } from './nouns.js';
import { createProgram } from './program.js';

/** Every command with a body, by its full name. */
async function verbs(): Promise<[name: string, command: Command][]> {
  const found: [string, Command][] = [];
  for (const { name } of nouns) {
    const program = await createProgram([name]);
    const noun = program.commands.find((command) => command.name() === name);
    if (noun === undefined) throw new Error(`there is no ${name}`);
    if (noun.commands.length === 0) found.push([name, noun]);
    for (const verb of noun.commands) found.push([`${name} ${verb.name()}`, verb]);
  }
  return found;
}

const all = await verbs();

/** The help as it is printed. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}

describe('the command', () => {
  it('has the nouns and verbs that operators know', () => {
    expect(all.map(([name]) => name)).toEqual([
      'demo',
      'init',
      'doctor',
      'whoami',
      ...['configure', 'show', 'tick'].map((verb) => `market ${verb}`),
      ...['show', 'pin'].map((verb) => `trust ${verb}`),
      ...['register', 'renew', 'show', 'list', 'name', 'names', 'forget'].map(
        (verb) => `participant ${verb}`,
      ),
      ...['split', 'publish', 'invite', 'template', 'show', 'list', 'withdraw'].map(
        (verb) => `dataset ${verb}`,
      ),
      ...['join', 'verify', 'show', 'list', 'leave'].map((verb) => `instance ${verb}`),
      ...['register', 'show', 'list', 'export', 'card', 'verify', 'predict', 'evaluate'].map(
        (verb) => `model ${verb}`,
      ),
      ...['request', 'approve', 'reject', 'show', 'list', 'watch', 'cancel'].map((verb) => `couple ${verb}`),
      ...['list', 'show'].map((verb) => `job ${verb}`),
      ...['init', 'use', 'gc'].map((verb) => `vault ${verb}`),
      ...['run', 'status'].map((verb) => `agent ${verb}`),
      ...['install', 'up', 'deploy', 'upgrade', 'status', 'revoke', 'down'].map((verb) => `network ${verb}`),
      'explain',
    ]);
  });

  it('reads ~/ in every path, which shells leave as it is behind =', () => {
    const paths = all.flatMap(([, { options, registeredArguments }]) => [
      ...options.filter(({ flags }) => /<(file|folder|csv)>/.test(flags)),
      ...registeredArguments.filter((argument) => /^(file|folder|csv)$/.test(argument.name())),
    ]);
    expect(paths.length).toBeGreaterThan(25);
    for (const path of paths) {
      const read = path.parseArg?.('~/x', '');
      expect(read, path.description).toBe(join(homedir(), 'x'));
    }
  });

  it.each(all)('helps with `%s`: what it does, examples, 80 columns', (name, command) => {
    const help = helpOf(command);
    expect(command.summary()).not.toBe('');
    expect(help).toContain(`\nExamples:\n  veritrain ${name}`);
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
    for (const option of command.options) expect(option.description, option.flags).not.toBe('');
  });

  it('has --format on every verb', () => {
    const without = all.filter(([, command]) => !command.options.some(({ long }) => long === '--format'));
    expect(without.map(([name]) => name)).toEqual([]);
  });

  it('loads the noun that is called, and no other', async () => {
    const program = await createProgram(['explain', 'VT0203']);
    const loaded = program.commands.filter((command) => command.description() !== '');
    expect(loaded.map((command) => command.name())).toEqual(['explain']);
  });
});
