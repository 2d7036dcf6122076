import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Organization } from '../plan/networkFile.js';
import { runProgram } from '../system/runProgram.js';
import { askPeer, type NetworkParts } from './channel.js';
import { ordererArguments } from './orderer.js';

const definition = z.looseObject({ revocation_list: z.array(z.base64()).nullish() });
const organization = z.looseObject({
  values: z.looseObject({ MSP: z.looseObject({ value: z.looseObject({ config: definition }) }) }),
});
const application = z.looseObject({ groups: z.record(z.string(), organization) });

/** The format of configtxlator. The schema covers only the parts that this code changes; it keeps the rest. */
const configSchema = z.looseObject({
  channel_group: z.looseObject({ groups: z.looseObject({ Application: application }) }),
});

/** The header type CONFIG_UPDATE. */
const configUpdate = 2;

/** The channel's definition of an organisation's members. */
export type MspDefinition = z.infer<typeof definition>;

export type ChannelConfig = z.infer<typeof configSchema>;

const blockSchema = z.object({
  data: z.object({
    data: z.tuple([z.object({ payload: z.object({ data: z.object({ config: configSchema }) }) })]),
  }),
});

/** The ordering service's newest configuration. */
export function channelConfig(parts: NetworkParts, by: Organization): Promise<ChannelConfig> {
  return inFolder((folder) => fetchConfig(parts, by, folder, ordererArguments(parts)));
}

/** The configuration that an organisation's own peer applies. */
export function configAtPeer(parts: NetworkParts, organization: Organization): Promise<ChannelConfig> {
  return inFolder((folder) => fetchConfig(parts, organization, folder, []));
}

/** Updates the channel from one configuration to another. One organisation's administrator signs alone. */
export function updateConfig(
  parts: NetworkParts,
  by: Organization,
  { from, to }: { readonly from: ChannelConfig; readonly to: ChannelConfig },
): Promise<void> {
  const { channel } = parts.network;
  return inFolder(async (folder) => {
    const file = (name: string): string => join(folder, `${name}.pb`);
    const [original, updated, update, envelope] = [
      file('from'),
      file('to'),
      file('update'),
      file('envelope'),
    ];
    await encode(parts, 'common.Config', from, original);
    await encode(parts, 'common.Config', to, updated);
    await translate(parts, [
      ...['compute_update', `--channel_id=${channel}`],
      ...[`--original=${original}`, `--updated=${updated}`, `--output=${update}`],
    ]);
    const config_update = await decode(parts, 'common.ConfigUpdate', update);
    const header = { channel_header: { channel_id: channel, type: configUpdate } };
    await encode(parts, 'common.Envelope', { payload: { header, data: { config_update } } }, envelope);
    await askPeer(parts, by, [
      ...['channel', 'update', '--channelID', channel, '--file', envelope],
      ...ordererArguments(parts),
    ]);
  });
}

async function fetchConfig(
  parts: NetworkParts,
  by: Organization,
  folder: string,
  from: readonly string[],
): Promise<ChannelConfig> {
  const block = join(folder, 'config.block');
  await askPeer(parts, by, ['channel', 'fetch', 'config', block, '-c', parts.network.channel, ...from]);
  const { data } = blockSchema.parse(await decode(parts, 'common.Block', block));
  return data.data[0].payload.data.config;
}

async function decode(parts: NetworkParts, type: string, path: string): Promise<unknown> {
  const json = `${path}.json`;
  await translate(parts, ['proto_decode', `--type=${type}`, `--input=${path}`, `--output=${json}`]);
  return JSON.parse(readFileSync(json, 'utf8'));
}

async function encode(parts: NetworkParts, type: string, message: unknown, path: string): Promise<void> {
  const json = `${path}.json`;
  writeFileSync(json, JSON.stringify(message));
  await translate(parts, ['proto_encode', `--type=${type}`, `--input=${json}`, `--output=${path}`]);
}

async function translate({ programs, signal }: NetworkParts, args: readonly string[]): Promise<void> {
  await runProgram({ program: programs.path('configtxlator'), arguments: args, signal });
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'veritrain-channel-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
