import { peer } from '@hyperledger/fabric-protos';
import type { Proposal } from './proposal.js';
import type { Simulation } from './endorser.js';

/** Fabric's system chaincode for queries about the chain, and the one for queries about chaincode. */
export const QUERY_CHAINCODE = 'qscc';
export const LIFECYCLE_CHAINCODE = '_lifecycle';

/** A chaincode that is part of every peer. It checks the caller's access itself. */
export interface SystemChaincode {
  simulate(proposal: Proposal): Promise<Simulation>;
}

export function isSystemChaincode(name: string | undefined): boolean {
  return name === QUERY_CHAINCODE || name === LIFECYCLE_CHAINCODE;
}

export function answered(payload: Uint8Array): Simulation {
  const response = new peer.Response();
  response.setStatus(200);
  response.setPayload(payload);
  return { outcome: 'answered', response };
}

export function refused(status: number, message: string): Simulation {
  const response = new peer.Response();
  response.setStatus(status);
  response.setMessage(message);
  return { outcome: 'answered', response };
}
