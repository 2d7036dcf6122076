import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startEmbeddedLedger, type LedgerProcess } from '@veritrain/agents';
import {
  connectLedger,
  qualifiedName,
  transactionNames,
  transactions,
  type InputOf,
  type Ledger,
  type OutputOf,
  type TransactionName,
} from '@veritrain/client-sdk';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareNetwork } from '../command/prepare.js';
import { castOf, readPreparedMarket, type Cast, type Member } from '../workloads/preparedMarket.js';
import { playCouple } from '../workloads/story/couple.js';
import { storyTransactions } from '../workloads/story/shape.js';

const folder = mkdtempSync(join(tmpdir(), 'veritrain-caliper-story-'));
let ledger: LedgerProcess;
let cast: Cast;
let prepared: string;
const connections = new Map<string, Ledger>();

beforeAll(async () => {
  ledger = await startEmbeddedLedger({ data: join(folder, 'ledger') });
  const config = await prepareNetwork({
    reference: { network: join(folder, 'ledger') },
    folder: join(folder, 'caliper'),
    workers: 1,
    replicas: 3,
    tickPeriodMs: 10_000,
    onProgress: () => undefined,
  });
  prepared = dirname(config);
  cast = castOf(readPreparedMarket(config), 0);
});

afterAll(async () => {
  for (const connection of connections.values()) connection.close();
  await ledger?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** As the member, with the certificate and key that Caliper gets. */
function connectionOf({ identity, mspId }: Member): Ledger {
  const known = connections.get(identity);
  if (known !== undefined) return known;
  const file = (extension: string): string =>
    readFileSync(join(prepared, 'identities', `${identity}.${extension}`), 'utf8');
  const { gateway: address, channel, chaincode } = ledger;
  const certified = { mspId, certificatePem: file('pem'), privateKeyPem: file('key') };
  const made = connectLedger({ address, channel, chaincode, identity: certified });
  connections.set(identity, made);
  return made;
}

async function read<Name extends TransactionName>(
  transaction: Name,
  input: InputOf<Name>,
): Promise<OutputOf<Name>> {
  const call = { name: qualifiedName(transaction), argument: JSON.stringify(input) };
  const answer = await connectionOf(cast.dataOwner).evaluate(call);
  return transactions[transaction].output.parse(JSON.parse(Buffer.from(answer).toString())) as OutputOf<Name>;
}

it('plays a couple from its offer to its end, with every transaction of the story', async () => {
  const sent: Partial<Record<TransactionName, number>> = {};
  let coupleId = '';
  const { settings } = await read('GetConfig', {});
  await playCouple({
    cast,
    shape: { subsets: 2, replicas: 3, rounds: 2 },
    settings,
    sealedLocation: await cast.modelOwner.keyring.seal(
      cast.modelOwner.keyring.encryptionKey,
      Buffer.from('location'),
    ),
    submit: async (member, transaction, input) => {
      sent[transaction] = (sent[transaction] ?? 0) + 1;
      if (transaction === 'FinishTraining') coupleId = (input as InputOf<'FinishTraining'>).coupleId;
      const call = { name: qualifiedName(transaction), argument: JSON.stringify(input) };
      const { result } = await connectionOf(member).submit(call);
      const answer: unknown = JSON.parse(Buffer.from(result).toString());
      return transactions[transaction].output.parse(answer) as OutputOf<typeof transaction>;
    },
  });
  expect(sent).toEqual({
    RegisterDataset: 1,
    RegisterModel: 1,
    JoinInstance: 6,
    VerifyInstances: 1,
    RequestTraining: 1,
    ApproveTraining: 1,
    OpenRound: 2,
    StartRound: 2,
    SubmitUpdate: 6,
    CloseRound: 2,
    FinishTraining: 1,
    ReleaseRounds: 1,
  });
  expect(Object.keys(sent).sort()).toEqual([...storyTransactions].sort());
  const couple = await read('GetCouple', { coupleId });
  expect(couple).toMatchObject({ state: 'finished', startedRounds: 2, releasedRounds: 0 });
  const round = await read('GetRound', { coupleId, attempt: 2 });
  expect(round.settlements.map(({ state }) => state)).toEqual(['settled']);
});

it('prepares a network that was prepared before, for members of their own', async () => {
  const again = await prepareNetwork({
    reference: { network: join(folder, 'ledger') },
    folder: join(folder, 'again'),
    workers: 2,
    replicas: 1,
    tickPeriodMs: 10_000,
    onProgress: () => undefined,
  });
  const market = readPreparedMarket(again);
  const ids = market.casts.flatMap(({ dataOwner, modelOwner, hosts }) =>
    [dataOwner, modelOwner, ...hosts].map(({ participantId }) => participantId),
  );
  expect(new Set(ids).size).toBe(6);
  expect(ids).not.toContain(cast.dataOwner.participantId);
  expect(() => castOf(market, 2)).toThrow('members for 2 workers, and this is worker 3');
});

it('names in its README each transaction that no workload measures alone', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, section = ''] = readme.split('## Not measured alone yet');
  const others = transactionNames.filter(
    (name) => transactions[name].kind === 'submit' && !storyTransactions.some((each) => each === name),
  );
  const named = section.match(/`[A-Z][A-Za-z]+`/g) ?? [];
  expect(named.map((name) => name.slice(1, -1)).sort()).toEqual([...others].sort());
});
