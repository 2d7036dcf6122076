import { bytesText } from '@veritrain/member/text';
import type { NodeStatus } from '@veritrain/network';
import type { Command } from 'commander';
import { z } from 'zod';
import { deployCommand, upgradeCommand } from './networkDeploy.js';
import { installCommand } from './networkInstall.js';
import { revokeCommand } from './networkRevoke.js';
import { upCommand } from './networkUp.js';
import { fields, table } from './text.js';
import { folderOption, folderValue } from './values.js';
import { noun, verb } from './verb.js';

/** `veritrain network …` */
export const networkCommand = (): Command =>
  noun('network', 'real Fabric on this machine: install, up, deploy, upgrade, status, revoke, down', [
    installCommand(),
    upCommand(),
    deployCommand(),
    upgradeCommand(),
    statusCommand(),
    revokeCommand(),
    downCommand(),
  ]);

function downCommand(): Command {
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

function statusCommand(): Command {
  return verb({
    name: 'status',
    summary: 'the nodes that run, the leader, the height of each peer, deployments, disk space',
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

const rowOf = ({ name, state, height, processId }: NodeStatus): (string | number | undefined)[] => [
  name,
  state,
  height ?? undefined,
  processId ?? undefined,
];
