import type { Command } from 'commander';
import type { NetworkFile } from '@veritrain/network';
import { z } from 'zod';
import { folderOption, folderValue, count, delayMs, durationMs } from './values.js';
import type { Session } from './session.js';
import { fields } from './text.js';
import { verb } from './verb.js';

const input = z.strictObject({
  data: folderValue,
  version: z.enum(['3.1.5', '2.5.16']).optional(),
  consensus: z.enum(['raft', 'bft']).optional(),
  orderers: z
    .enum(['1', '3', '4'])
    .transform(Number)
    .pipe(z.literal([1, 3, 4]))
    .optional(),
  organizations: count(1, 8).optional(),
  tls: z.boolean().optional(),
  ca: z.literal(true).optional(),
  batchTimeout: durationMs.optional(),
  delay: delayMs.optional(),
  channel: z.string().min(1).optional(),
  foreground: z.boolean().default(false),
  timeout: count(1, 3600).optional(),
});
type UpInput = z.output<typeof input>;

/** `veritrain network up` */
export function upCommand(): Command {
  return verb({
    name: 'up',
    summary: 'make a Fabric network of plain processes, or start its stopped processes',
    details: [
      'One peer for each organisation, orderers, and where asked for a Fabric CA for each organisation; no container. Everything listens on 127.0.0.1, on free ports that are written down; several networks may stand side by side.',
      'It may be called again after a crash or a reboot: the ledger is kept, and stopped processes are started. The parts of a network are fixed when it is made.',
      'With --delay every second organisation stands in a data centre of its own: a process of the network holds the traffic between its peer and clients, orderers and other peers for half the round trip, each way.',
    ],
    options: [
      folderOption,
      ['--organizations <n>', 'peer organisations, 1 to 8 (default 3)'],
      ['--consensus <kind>', 'raft, or bft: SmartBFT, 4 orderers (default raft)'],
      ['--orderers <n>', 'with raft 1 or 3 (default 1)'],
      ['--ca', 'identities from Fabric CA, one for each organisation; else cryptogen'],
      ['--no-tls', 'peers and CAs speak in the clear'],
      ['--batch-timeout <time>', 'longest wait before a block is cut (default 50ms)'],
      ['--delay <time>', 'round trip to every second organisation, 0ms to 5s (default 0ms)'],
      ['--channel <name>', 'default: market'],
      ['--version <version>', 'of Fabric: 3.1.5 or 2.5.16 (default 3.1.5)'],
      ['--foreground', 'stay, restart processes that die, and stop everything on Ctrl-C'],
      ['--timeout <seconds>', 'how long a node may take to be ready (default 60)'],
    ],
    local: true,
    examples: [
      'veritrain network up',
      'veritrain network up --ca --orderers 3 --data fabric',
      'veritrain network up --consensus bft --foreground',
    ],
    input,
    run: async (given, session) => {
      const running = await bringUp(given, session);
      if (given.foreground) return stay(given, session, running);
      return { data: describe(given, running), text: textOf(given, running), next: nextOf(given) };
    },
  });
}

interface RunningNetwork {
  readonly network: NetworkFile;
  readonly organizations: readonly {
    readonly domain: string;
    readonly mspId: string;
    /** Where clients reach the peer. */
    readonly gateway: string;
    readonly ca: string | null;
    /** Round trip to it from all others. */
    readonly delayMs: number;
  }[];
}

async function bringUp(given: UpInput, session: Session): Promise<RunningNetwork> {
  const { peerAddress, up } = await import('@veritrain/network');
  const { data, timeout, foreground: _foreground, batchTimeout, delay, ...named } = given;
  const chosen = { ...named, batchTimeoutMs: batchTimeout, delayMs: delay };
  const network = await up({
    folder: data,
    choices: Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined)),
    readyMs: timeout === undefined ? undefined : timeout * 1000,
    onProgress: (what) => session.output.progress(what),
    signal: session.signal,
  });
  const organizations = network.organizations.map((organization) => ({
    domain: organization.domain,
    mspId: organization.mspId,
    gateway: peerAddress(organization),
    ca: organization.authority === undefined ? null : `localhost:${organization.authority.ports.listen}`,
    delayMs: organization.distance === undefined ? 0 : network.delayMs,
  }));
  return { network, organizations };
}

/** Keeps the network alive until a signal comes, then stops it. */
async function stay(
  given: UpInput,
  session: Session,
  running: RunningNetwork,
): Promise<{ data: object; text: string }> {
  const { down, watch } = await import('@veritrain/network');
  session.output.progress(textOf(given, running));
  session.output.progress('Ctrl-C stops it.');
  await watch({
    folder: given.data,
    onRestart: (name, said) => session.output.progress(`${name} died (${said}) and is started again`),
    signal: session.signal,
  });
  const stopped = await down(given.data);
  return { data: { ...describe(given, running), stopped }, text: `Stopped ${stopped.length} processes.` };
}

const describe = ({ data }: UpInput, { network, organizations }: RunningNetwork): object => ({
  folder: data,
  version: network.version,
  channel: network.channel,
  consensus: network.consensus,
  tls: network.tls,
  ca: network.ca,
  delayMs: network.delayMs,
  orderers: network.ordering.orderers.map(({ hostName, ports }) => ({ hostName, port: ports.listen })),
  organizations,
});

function textOf({ data }: UpInput, { network, organizations }: RunningNetwork): string {
  const { ordering, consensus } = network;
  return fields([
    ['Network', data],
    ['Fabric', `${network.version}, channel ${network.channel}, ${network.tls ? 'TLS' : 'no TLS'}`],
    ['Orderers', `${ordering.orderers.length}, ${consensus === 'bft' ? 'SmartBFT' : 'Raft'}`],
    ...organizations.map(({ domain, gateway, delayMs }): [string, string] => [
      domain,
      delayMs === 0 ? gateway : `${gateway}, a round trip of ${delayMs} ms away`,
    ]),
    ['Endorsement', `majority of ${organizations.length}`],
    ['Mind', givenAway(organizations.length)],
  ]);
}

/** One organisation is a majority by itself; of two, each can block the majority. */
function givenAway(organizations: number): string | undefined {
  if (organizations > 2) return undefined;
  const alone = organizations === 1 ? 'write or veto a result' : 'veto a result';
  return `With fewer than three organisations a single one can ${alone}, for development.`;
}

const nextOf = ({ data }: UpInput): string => `veritrain network deploy --data ${data}`;
