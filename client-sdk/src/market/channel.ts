import { qualifiedName } from '@veritrain/chaincode/domain';
import type { ChannelConfig } from '../ledger/channelConfig.js';
import type { Ledger } from '../ledger/types.js';
import type { CallOptions } from './calls.js';

/** The network under a market, as one member sees it. Nothing here writes to the ledger. */
export interface ChannelView {
  /** Its organisations, who must endorse, who orders: by the newest configuration of the channel. */
  config(options?: CallOptions): Promise<ChannelConfig>;
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
    rehearse: ({ organization, signal } = {}) => ledger.rehearse(question, organization, { signal }),
  };
}
