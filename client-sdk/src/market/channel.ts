import { qualifiedName } from '@veritrain/chaincode/domain';
import type { ChannelConfig } from '../ledger/channelConfig.js';
import type { ContractDefinition } from '../ledger/contractDefinition.js';
import type { Ledger } from '../ledger/types.js';
import type { CallOptions } from './calls.js';

/** The network under a market, as one member sees it. Nothing here writes to the ledger. */
export interface ChannelView {
  /** Its organisations and who orders: by the newest configuration of the channel. */
  config(options?: CallOptions): Promise<ChannelConfig>;
  /** The contract's version, and by its endorsement policy who can write and who can veto; undefined where there is none. */
  contract(options?: CallOptions): Promise<ContractDefinition | undefined>;
  /**
   * Whether transactions are endorsed: a question that changes nothing is put as one, once, and never sent. With the MSP
   * id of an organisation its peers alone are asked, else as many as the policy wants.
   *
   * @throws TOO_FEW_ENDORSERS, GATEWAY_UNREACHABLE, CALL_FAILED with what the peers said, ACCESS_DENIED, ABORTED, …
   */
  rehearse(options?: CallOptions & { readonly organization?: string | undefined }): Promise<void>;
}

export function channelOf(ledger: Ledger): ChannelView {
  const question = { name: qualifiedName('WhoAmI'), argument: '{}' };
  return {
    config: (options) => ledger.channelConfig(options),
    contract: (options) => ledger.contractDefinition(options),
    rehearse: ({ organization, signal } = {}) => ledger.rehearse(question, organization, { signal }),
  };
}
