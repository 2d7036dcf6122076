import type { Command } from 'commander';
import { z } from 'zod';
import { folderOption, folderValue } from './networkFolder.js';
import { bytesText } from '@veritrain/member/text';
import { fields, table } from './text.js';
import { verb } from './verb.js';

/** `veritrain network status` */
export function statusCommand(): Command {
  return verb({
    name: 'status',
    summary: 'who runs, who leads, how far each has come, what is deployed, how much room is left',
    options: [folderOption],
    local: true,
    examples: ['veritrain network status', 'veritrain network status --format json'],
    input: z.strictObject({ data: folderValue }),
    run: async ({ data }) => {
      const { status } = await import('@veritrain/network');
      const found = await status(data);
      const down = found.nodes.filter(({ state }) => state !== 'running');
      const text = [
        fields([
          ['Network', data],
          ['State', down.length === 0 ? 'all well' : `${down.length} of ${found.nodes.length} do not answer`],
          ['Leader', found.leader ?? 'none: nothing can be committed'],
          [
            'Deployed',
            found.deployments.map(({ name, sequence }) => `${name}, sequence ${sequence}`).join('; ') ||
              'nothing',
          ],
          ['Disk', `${bytesText(found.diskBytes.used)} used, ${bytesText(found.diskBytes.free)} free`],
        ]),
        '',
        table(['node', 'state', 'height', 'process'], found.nodes.map(rowOf), 'No node.'),
      ];
      const { network: _network, ...rest } = found;
      return { data: { folder: data, ...rest }, items: found.nodes, text: text.join('\n') };
    },
  });
}

type NodeStatus = import('@veritrain/network').NodeStatus;

const rowOf = ({ name, state, height, processId }: NodeStatus): (string | number | undefined)[] => [
  name,
  state,
  height ?? undefined,
  processId ?? undefined,
];
