import type { Command } from 'commander';
import { z } from 'zod';
import { folderOption, folderValue } from './networkFolder.js';
import { verb } from './verb.js';

/** `veritrain network down` */
export function downCommand(): Command {
  return verb({
    name: 'down',
    summary: 'stop every process of a network; its ledger stays, unless it is wiped',
    options: [folderOption, ['--wipe', 'clear the folder away too: ledger, keys, everything']],
    local: true,
    asks: true,
    examples: ['veritrain network down', 'veritrain network down --wipe --yes'],
    input: z.strictObject({ data: folderValue, wipe: z.boolean().default(false) }),
    run: async ({ data, wipe }, session) => {
      const { down } = await import('@veritrain/network');
      if (wipe) await session.confirm([`${data}: its ledger and its keys cannot be made again.`], 'Wipe it?');
      const stopped = await down(data, { wipe });
      const text = `Stopped ${stopped.length} processes${wipe ? ' and cleared the folder away' : ''}.`;
      return { data: { folder: data, stopped, wiped: wipe }, text };
    },
  });
}
