import { readFileSync } from 'node:fs';

/** A fenced block of commands. */
export interface CommandBlock {
  /** The heading above it. */
  heading: string;
  /** Line of the document, from 1, for messages. */
  line: number;
  /** A terminal that it keeps busy: it runs until Ctrl-C, or until the same terminal gets another block. */
  terminal?: string;
  script: string;
}

const opening = /^```sh(?: terminal=(\w+))?$/;

/** The blocks of a Markdown page that are marked as shell commands, in order. */
export function readCommandBlocks(path: string): CommandBlock[] {
  const blocks: CommandBlock[] = [];
  let heading = '';
  let open: CommandBlock | undefined;
  readFileSync(path, 'utf8')
    .split('\n')
    .forEach((text, index) => {
      if (open !== undefined) {
        if (text === '```') {
          blocks.push(open);
          open = undefined;
        } else open.script += `${text}\n`;
        return;
      }
      if (text.startsWith('#')) heading = text.replace(/^#+ /, '');
      const match = opening.exec(text);
      if (match === null) return;
      const [, terminal] = match;
      open = { heading, line: index + 1, script: '', ...(terminal === undefined ? {} : { terminal }) };
    });
  return blocks;
}
