// `npm run prepare-network` prepares any network for the workloads.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { readArguments } from './arguments.js';
import { reportFailure } from './failure.js';
import type { NetworkReference } from './organizations.js';
import { defaultTickPeriodMs, prepareNetwork } from './prepare.js';

const command = 'npm run prepare-network --';

const help = `${command} --network <folder> | --fabric <folder> [options]

Opens the market if necessary, enrols members with the network's CAs, registers
them, and writes a folder for Caliper: its network configuration with connection
profiles and identities, and market.json for the workloads. The folder contains
private keys.

  --network <folder>   of "veritrain network up --ca", or of an embedded ledger
  --fabric <folder>    with peerOrganizations/, in the layout of Fabric's test
                       networks
  --out <folder>       folder to write (default networks/prepared)
  --workers <n>        maximum workers of a benchmark (default 2)
  --replicas <n>       maximum replicas of its couples (default 3)
  --members <n>        members of all workers together, if many should act
                       (default: a data owner, a model owner and the hosts for
                       each worker)
  --newcomers <n>      identities to enrol without registration, one for each
                       measured RegisterParticipant (default 0)
  --tick <ms>          period of the clock of a new market (default 10000)
  --contract <name>    another chaincode on the channel that workloads call,
                       such as oam-contract; may be repeated

With --fabric:
  --channel <name>     (default mychannel)
  --chaincode <name>   (default veritrain)
  --registrar <id>     of the CAs (default admin)
  --registrar-secret-file <file>
                       (default: the sample networks' secret, adminpw)

Examples:
  ${command} --network ../ledger --out networks/embedded
  ${command} --network ../network --workers 4
  ${command} --network ../network --replicas 15 --newcomers 300
  ${command} --fabric "$SAMPLES/test-network/organizations"
`;

const count = (most: number): z.ZodType<number> => z.coerce.number().int().min(1).max(most);
const schema = z
  .strictObject({
    network: z.string().min(1).optional(),
    fabric: z.string().min(1).optional(),
    out: z.string().min(1).default('networks/prepared'),
    workers: count(100).default(2),
    replicas: count(15).default(3),
    members: z.coerce.number().int().min(1).max(100_000).optional(),
    newcomers: z.coerce.number().int().min(0).max(100_000).default(0),
    tick: z.coerce.number().int().min(100).max(86_400_000).default(defaultTickPeriodMs),
    contract: z.array(z.string().min(1)).default([]),
    channel: z.string().min(1).default('mychannel'),
    chaincode: z.string().min(1).default('veritrain'),
    registrar: z.string().min(1).default('admin'),
    'registrar-secret-file': z.string().min(1).optional(),
  })
  .refine(({ network, fabric }) => (network === undefined) !== (fabric === undefined), {
    message: 'specify either --network or --fabric',
  });

type Options = z.output<typeof schema>;

const text = { type: 'string' } as const;

const readOptions = (): Options | undefined =>
  readArguments({
    command,
    options: {
      network: text,
      fabric: text,
      out: text,
      workers: text,
      replicas: text,
      members: text,
      newcomers: text,
      tick: text,
      contract: { type: 'string', multiple: true },
      channel: text,
      chaincode: text,
      registrar: text,
      'registrar-secret-file': text,
    },
    schema,
  });

function referenceOf(given: Options): NetworkReference {
  if (given.network !== undefined) return { network: given.network };
  const file = given['registrar-secret-file'];
  const secret = file === undefined ? 'adminpw' : readFileSync(file, 'utf8').trim();
  const registrar = { enrolmentId: given.registrar, secret };
  const { fabric = '', channel, chaincode } = given;
  return { fabric, channel, chaincode, registrar };
}

async function main(): Promise<void> {
  const given = readOptions();
  if (given === undefined) {
    process.stdout.write(help);
    return;
  }
  const { out, workers, replicas, members, newcomers, tick, contract: contracts } = given;
  const config = await prepareNetwork({
    reference: referenceOf(given),
    folder: out,
    workers,
    replicas,
    casts: members === undefined ? undefined : Math.ceil(members / (replicas + 2)),
    newcomers,
    contracts,
    tickPeriodMs: tick,
    onProgress: (what) => process.stderr.write(`${what} …\n`),
  });
  process.stdout.write(`${config}\n`);
}

main().catch(reportFailure);
