import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startEmbeddedLedger } from '@veritrain/local';
import { connectLedger, type Ledger, type LedgerIdentity } from '@veritrain/client-sdk/fabric';
import {
  type InputOf,
  type OutputOf,
  qualifiedName,
  type TransactionName,
  transactions,
} from '@veritrain/client-sdk/protocol';
import { organizationsOf, type Organization } from '../../command/organizations.js';
import { prepareNetwork } from '../../command/prepare.js';
import {
  castOf,
  readPreparedMarket,
  type Cast,
  type PreparedIdentity,
  type PreparedMarket,
} from '../../workloads/preparedMarket.js';
import { playCouple } from '../../workloads/story/couple.js';
import { deadlinesOf } from '../../workloads/story/deadlines.js';
import type { Shape } from '../../workloads/story/shape.js';
import type { Submit } from '../../workloads/story/stepQueue.js';

/** An embedded ledger prepared for one worker, and its members' connections. */
export interface PreparedLedger {
  /** Contains the ledger in `ledger`; tests may write other files here. */
  readonly folder: string;
  readonly market: PreparedMarket;
  readonly cast: Cast;
  readonly organization: Organization;
  readonly chaincode: string;
  /** The certificate and key that Caliper uses. */
  identityOf(member: PreparedIdentity): LedgerIdentity;
  /** Plays a couple to its end. @param submit sends each of its transactions */
  play(shape: Shape, submit?: Submit): Promise<void>;
  submit<Name extends TransactionName>(
    member: PreparedIdentity,
    transaction: Name,
    input: InputOf<Name>,
  ): Promise<OutputOf<Name>>;
  /** Queries as the data owner. */
  read<Name extends TransactionName>(transaction: Name, input: InputOf<Name>): Promise<OutputOf<Name>>;
  stop(): Promise<void>;
}

interface Prepared {
  readonly tickPeriodMs: number;
  readonly newcomers?: number;
}

export async function startPreparedLedger(prepared: Prepared): Promise<PreparedLedger> {
  const folder = mkdtempSync(join(tmpdir(), 'veritrain-caliper-story-'));
  const ledger = await startEmbeddedLedger({ data: join(folder, 'ledger') });
  const config = await prepareNetwork({
    reference: { network: join(folder, 'ledger') },
    folder: join(folder, 'caliper'),
    workers: 1,
    replicas: 3,
    ...prepared,
    onProgress: () => undefined,
  });
  const market = readPreparedMarket(config);
  const cast = castOf(market, 0);
  const connections = new Map<string, Ledger>();

  function identityOf({ identity, mspId }: PreparedIdentity): LedgerIdentity {
    const file = (extension: string): string =>
      readFileSync(join(dirname(config), 'identities', `${identity}.${extension}`), 'utf8');
    return { mspId, certificatePem: file('pem'), privateKeyPem: file('key') };
  }

  function connectionOf(member: PreparedIdentity): Ledger {
    const known = connections.get(member.identity);
    if (known !== undefined) return known;
    const { gateway: address, channel, chaincode } = ledger;
    const made = connectLedger({ address, channel, chaincode, identity: identityOf(member) });
    connections.set(member.identity, made);
    return made;
  }

  const callOf = <Name extends TransactionName>(transaction: Name, input: InputOf<Name>) => ({
    name: qualifiedName(transaction),
    argument: JSON.stringify(input),
  });
  const parsed = <Name extends TransactionName>(transaction: Name, answer: Uint8Array): OutputOf<Name> =>
    transactions[transaction].output.parse(JSON.parse(Buffer.from(answer).toString())) as OutputOf<Name>;

  const [organization] = organizationsOf({ network: join(folder, 'ledger') });
  if (organization === undefined) throw new Error('The ledger has no organisation.');
  const submitAs: Submit = async (member, transaction, input) => {
    const { result } = await connectionOf(member).submit(callOf(transaction, input));
    return parsed(transaction, result);
  };

  return {
    folder,
    market,
    cast,
    organization,
    chaincode: ledger.chaincode,
    identityOf,
    submit: submitAs,
    play: async (shape, submit = submitAs) => {
      const { settings } = market;
      const { keyring } = cast.modelOwner;
      await playCouple({
        cast,
        shape,
        settings,
        deadlines: deadlinesOf(settings),
        newcomers: [],
        sealedLocation: await keyring.seal(keyring.encryptionKey, Buffer.from('location')),
        submit,
      });
    },
    read: async (transaction, input) =>
      parsed(transaction, await connectionOf(cast.dataOwner).evaluate(callOf(transaction, input))),
    stop: async () => {
      for (const connection of connections.values()) connection.close();
      await ledger.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
