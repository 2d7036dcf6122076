import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inMemoryKeyring, type Keyring, type LedgerPlace } from '@veritrain/client-sdk';
import { z } from 'zod';

const preparedMember = z.strictObject({
  /** As Caliper's network configuration names it. */
  identity: z.string().min(1),
  mspId: z.string().min(1),
  participantId: z.string().min(1),
  /** Derives the keys that are registered with it. */
  seed: z.string().min(1),
});
export type PreparedMember = z.infer<typeof preparedMember>;

/** Who plays a worker's couples. */
const preparedCast = z.strictObject({
  dataOwner: preparedMember,
  modelOwner: preparedMember,
  hosts: z.array(preparedMember).min(1),
});
export type PreparedCast = z.infer<typeof preparedCast>;

const preparedMarket = z.strictObject({
  channel: z.string().min(1),
  chaincode: z.string().min(1),
  /** One for each worker, so that no two of them share a member. */
  casts: z.array(preparedCast).min(1),
});
export type PreparedMarket = z.infer<typeof preparedMarket>;

export interface Member extends PreparedMember {
  readonly keyring: Keyring;
}

/** The members of one worker, with their keys. */
export interface Cast {
  readonly place: LedgerPlace;
  readonly dataOwner: Member;
  readonly modelOwner: Member;
  readonly hosts: readonly Member[];
}

/** The file that tells the workloads of a market's members; it lies beside Caliper's network configuration. */
export const preparedMarketFile = 'market.json';

const prepare = 'Prepare the network again: npm run prepare-network -- --help';

/**
 * Reads what `prepare-network` wrote.
 * @param networkConfig path of Caliper's network configuration
 * @throws Error for a file that is missing or says something else
 */
export function readPreparedMarket(networkConfig: string): PreparedMarket {
  const path = join(dirname(networkConfig), preparedMarketFile);
  try {
    return preparedMarket.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new Error(`${path} does not name the members of a market. ${prepare}`, { cause });
  }
}

/**
 * The members that a worker acts for.
 * @param worker counted from 0
 * @throws Error where the network was prepared for fewer workers
 */
export function castOf({ channel, chaincode, casts }: PreparedMarket, worker: number): Cast {
  const cast = casts[worker];
  if (cast === undefined) {
    throw new Error(
      `The network has members for ${casts.length} workers, and this is worker ${worker + 1}. ${prepare}`,
    );
  }
  const withKeys = (member: PreparedMember): Member => ({ ...member, keyring: inMemoryKeyring(member.seed) });
  return {
    place: { channel, chaincode },
    dataOwner: withKeys(cast.dataOwner),
    modelOwner: withKeys(cast.modelOwner),
    hosts: cast.hosts.map(withKeys),
  };
}
