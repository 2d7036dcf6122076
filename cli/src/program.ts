import { Command } from 'commander';
import { createRequire } from 'node:module';
import { nouns } from './nouns.js';

/** This package's version, which all packages of the project share. */
function packageVersion(): string {
  const described: unknown = createRequire(import.meta.url)('../package.json');
  if (typeof described !== 'object' || described === null || !('version' in described)) {
    throw new Error('package.json has no version');
  }
  return String(described.version);
}

/** The command. Only the noun that the arguments name is loaded. */
export async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('veritrain')
    .description('Train models together on data that is never handed over.')
    .version(packageVersion(), '-V, --version')
    .helpCommand('help [noun]', 'help for a noun')
    .configureHelp({ helpWidth: 80, sortOptions: false });
  const wanted = args.find((word) => !word.startsWith('-') && word !== 'help');
  for (const noun of nouns) {
    const command = noun.name === wanted ? await noun.load() : new Command(noun.name);
    command.summary(noun.summary);
    program.addCommand(command);
  }
  program.addHelpText('after', programHelp);
  quieten(program);
  return program;
}

/** Errors are thrown, not printed, so that they are printed in the requested format. */
function quieten(command: Command): void {
  command
    .exitOverride()
    .configureHelp({ helpWidth: 80 })
    .configureOutput({ writeErr: () => undefined, outputError: () => undefined });
  for (const child of command.commands) quieten(child);
}

const programHelp = `
Every verb takes --help, with examples, and --format text, json or jsonl: data
on stdout, progress on stderr. Exit status: 0 done, 1 refused by the ledger or a
peer, 2 connection or identity, 3 timeout, 4 wrong arguments, 5 a bug, 6 this
machine (a full disk, permissions, limits).

Begin with:
  veritrain demo
  veritrain init --help
`;
