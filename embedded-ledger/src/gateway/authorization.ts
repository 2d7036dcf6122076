import { status } from '@grpc/grpc-js';
import { mayRead, policyRefusal } from '../peer/proposalChecks.js';
import type { GatewayNetwork } from './network.js';
import { RpcError } from './rpcError.js';

export interface SignedRequest {
  readonly channel: string;
  readonly identity: Uint8Array;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
  readonly network: GatewayNetwork;
}

/** The channel's Readers policy. @throws RpcError PERMISSION_DENIED with Fabric's text */
export function authorizeReader(request: SignedRequest): void {
  const { channel, network } = request;
  if (channel !== network.channel) {
    throw new RpcError(status.PERMISSION_DENIED, `Failed to get policy manager for channel [${channel}]`);
  }
  if (isReader(request)) return;
  throw new RpcError(status.PERMISSION_DENIED, policyRefusal('Readers', channel));
}

export function isReader({ identity, data, signature, network }: SignedRequest): boolean {
  const member = network.membership.find(identity);
  return mayRead(member) && member?.verifies(data, signature) === true;
}
