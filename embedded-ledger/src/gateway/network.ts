import type { Membership } from '../identity/membership.js';
import type { Endorser } from '../peer/endorser.js';
import type { SystemChaincode } from '../peer/systemChaincode.js';
import type { Chain } from '../store/chain.js';
import type { CommitWaiters } from './commitWaiters.js';
import type { PreparedTransactions } from './preparedTransactions.js';
import type { OrderedTransaction } from '../commit/committer.js';

/** Everything that the gateway's calls use. */
export interface GatewayNetwork {
  readonly channel: string;
  readonly chaincodeName: string;
  readonly chain: Chain;
  readonly membership: Membership;
  /** The endorsing organisations' peers; the first is the gateway's own. */
  readonly endorsers: readonly Endorser[];
  /** How many organisations must sign. */
  readonly requiredEndorsements: number;
  /** The system chaincodes that every peer runs, by name. */
  readonly systemChaincodes: ReadonlyMap<string, SystemChaincode>;
  readonly prepared: PreparedTransactions;
  readonly waiters: CommitWaiters;
  /** Returns false while the orderer's queue is full. */
  readonly order: (transaction: OrderedTransaction) => boolean;
  readonly now: () => number;
}
