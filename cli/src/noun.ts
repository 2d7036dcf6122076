import { Command } from 'commander';

/** The command of a noun, which does nothing without a verb. */
export function noun(name: string, summary: string, verbs: readonly Command[]): Command {
  const command = new Command(name).summary(summary).description(summary);
  for (const one of verbs) command.addCommand(one);
  return command;
}
