import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inMemoryKeyring, type Keyring } from '@veritrain/client-sdk/keys';
import { type LedgerContext, transactions } from '@veritrain/client-sdk/protocol';
import { z } from 'zod';

const preparedIdentity = z.strictObject({
  /** The name in Caliper's network configuration. */
  identity: z.string().min(1),
  mspId: z.string().min(1),
});
export type PreparedIdentity = z.infer<typeof preparedIdentity>;

const preparedMember = preparedIdentity.extend({
  participantId: z.string().min(1),
  /** The seed of the member's registered keys. */
  seed: z.string().min(1),
});
export type PreparedMember = z.infer<typeof preparedMember>;

/** The members that play a worker's couples. */
const preparedCast = z.strictObject({
  dataOwner: preparedMember,
  modelOwner: preparedMember,
  hosts: z.array(preparedMember).min(1),
});
export type PreparedCast = z.infer<typeof preparedCast>;

const preparedNetwork = z.object({
  channel: z.string().min(1),
  chaincode: z.string().min(1),
  /** One or more for each worker, so no two workers share a member. */
  casts: z.array(preparedCast).min(1),
  /** An administrator of each organisation. */
  administrators: z.array(preparedIdentity).min(1),
  /** Members that are enrolled but not registered. */
  newcomers: z.array(preparedMember),
});
export type PreparedNetwork = z.infer<typeof preparedNetwork>;

const preparedMarket = preparedNetwork.extend({
  /** The market's settings when it was prepared. */
  settings: transactions.ConfigureMarket.input,
});
export type PreparedMarket = z.infer<typeof preparedMarket>;

export interface Member extends PreparedMember {
  readonly keyring: Keyring;
}

/** The members of one worker, with their keys. */
export interface Cast {
  readonly place: LedgerContext;
  readonly dataOwner: Member;
  readonly modelOwner: Member;
  readonly hosts: readonly Member[];
  /** One identity for each of the market's organisations. */
  readonly administrators: readonly PreparedIdentity[];
}

const withKeys = (member: PreparedMember): Member => ({ ...member, keyring: inMemoryKeyring(member.seed) });

/** The file with a market's members for the workloads, beside Caliper's network configuration. */
export const preparedMarketFile = 'market.json';

const prepare = 'Prepare the network again: npm run prepare-network -- --help';

/**
 * Reads the file that `prepare-network` wrote.
 * @param networkConfig path of Caliper's network configuration
 * @throws Error for a missing or malformed file
 */
export const readPreparedMarket = (networkConfig: string): PreparedMarket =>
  readPrepared(networkConfig, preparedMarket);

/** The same for a network with or without a market. */
export const readPreparedNetwork = (networkConfig: string): PreparedNetwork =>
  readPrepared(networkConfig, preparedNetwork);

function readPrepared<Schema extends z.ZodType>(networkConfig: string, schema: Schema): z.output<Schema> {
  const path = join(dirname(networkConfig), preparedMarketFile);
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new Error(`${path} does not name the members of a market. ${prepare}`, { cause });
  }
}

/**
 * The members of a worker.
 * @param worker counted from 0
 * @throws Error if the network was prepared for fewer workers
 */
export function castOf({ channel, chaincode, casts, administrators }: PreparedNetwork, worker: number): Cast {
  const cast = casts[worker];
  if (cast === undefined) {
    throw new Error(
      `The network has members for ${casts.length} workers, and this is worker ${worker + 1}. ${prepare}`,
    );
  }
  return {
    place: { channel, chaincode },
    administrators,
    dataOwner: withKeys(cast.dataOwner),
    modelOwner: withKeys(cast.modelOwner),
    hosts: cast.hosts.map(withKeys),
  };
}

/** A worker's number, counted from 0, and the number of workers. */
export interface WorkerPlace {
  readonly worker: number;
  readonly workers: number;
}

/**
 * A worker's casts if many members act: every `workers`-th of the first `count`, beginning with its own.
 * @param count of all workers together
 * @throws Error if the network was prepared for fewer
 */
export function castsOf(market: PreparedMarket, { worker, workers }: WorkerPlace, count: number): Cast[] {
  const { length } = market.casts;
  if (count > length)
    throw new Error(`The network has members for ${length} casts, but ${count} are required. ${prepare}`);
  const casts: Cast[] = [];
  for (let at = worker; at < Math.max(count, workers); at += workers) casts.push(castOf(market, at));
  return casts;
}

/** A worker's share of the enrolled, unregistered members. */
export const newcomersOf = ({ newcomers }: PreparedMarket, { worker, workers }: WorkerPlace): Member[] =>
  newcomers.filter((_, at) => at % workers === worker).map(withKeys);

/** @throws Error if a worker has fewer hosts than its couples have replicas */
export function requireHosts({ hosts }: Cast, replicas: number): void {
  if (hosts.length < replicas) {
    throw new Error(
      `${replicas} replicas need as many hosts, but a worker has ${hosts.length}: npm run prepare-network -- --replicas ${replicas} …`,
    );
  }
}
