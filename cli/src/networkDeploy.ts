import type { DeployOptions, Deployment } from '@veritrain/network';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Session } from './session.js';
import { fields } from './text.js';
import { folderOption, folderValue } from './values.js';
import { verb } from './verb.js';

const input = z.strictObject({
  data: folderValue,
  chaincode: z.string().min(1).optional(),
  name: z.string().min(1).optional(),
});
type DeployInput = z.output<typeof input>;

const options = [
  folderOption,
  ['--chaincode <folder>', 'a built Node chaincode package (default: the market’s contract)'],
  ['--name <name>', 'name on the channel (default: the package’s)'],
] as const;

/** `veritrain network deploy` */
export function deployCommand(): Command {
  return verb({
    name: 'deploy',
    summary: 'deploy a contract, by default the market’s, as a service of every organisation',
    details: [
      'Each organisation runs the contract in a separate process, which only its own peer can reach (mutual TLS). A majority of the organisations must endorse.',
    ],
    options,
    local: true,
    examples: ['veritrain network deploy', 'veritrain network deploy --chaincode ./my-chaincode --name mine'],
    input,
    run: async (given, session) => {
      const { deploy } = await import('@veritrain/network');
      const deployment = await deploy(await choicesOf(given, session));
      return { data: deployment, text: textOf(deployment), next: nextOf(given, deployment) };
    },
  });
}

/** `veritrain network upgrade` */
export function upgradeCommand(): Command {
  return verb({
    name: 'upgrade',
    summary: 'move a running market to a new version of its contract, couples under way included',
    details: ['The old processes go on until the new ones are endorsed.'],
    options,
    local: true,
    examples: ['veritrain network upgrade --chaincode ./my-chaincode'],
    input,
    run: async (given, session) => {
      const { upgrade } = await import('@veritrain/network');
      const deployment = await upgrade(await choicesOf(given, session));
      return { data: deployment, text: textOf(deployment) };
    },
  });
}

async function choicesOf({ data, chaincode, name }: DeployInput, session: Session): Promise<DeployOptions> {
  const { marketChaincode } = await import('@veritrain/local');
  return {
    folder: data,
    chaincode: chaincode ?? marketChaincode(),
    name,
    onProgress: (what) => session.output.progress(what),
    signal: session.signal,
  };
}

const textOf = ({ name, sequence, servers }: Deployment): string =>
  fields([
    ['Chaincode', `${name}, sequence ${sequence}`],
    ...servers.map(({ domain, port }): [string, string] => [domain, `localhost:${port}`]),
  ]);

const nextOf = ({ data }: DeployInput, { name }: Deployment): string =>
  `veritrain init operator --fabric ${data}/organizations --organization org1.example.com --user Admin --channel market --chaincode ${name}`;
