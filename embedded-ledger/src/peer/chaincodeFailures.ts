import { LedgerError } from '../errors.js';

/** The process of an organisation's chaincode ended. */
export function chaincodeEnded(mspId: string, how: string): LedgerError {
  return new LedgerError(
    'CHAINCODE_INVALID',
    `the chaincode of ${mspId} ended ${how}`,
    'Start it alone to see more: run fabric-chaincode-node server in its folder.',
    { organization: mspId },
  );
}

/** A chaincode started from a folder did not register in time. */
export function chaincodeSilent(mspId: string, cause: unknown): LedgerError {
  return new LedgerError(
    'CHAINCODE_UNREACHABLE',
    `the chaincode of ${mspId} was started and has not registered`,
    'Check what the contract does while it loads. A larger --connect-timeout allows more time.',
    { organization: mspId },
    { cause },
  );
}

/** No server answers at the given address. */
export function chaincodeUnreachable(mspId: string, address: string, cause: unknown): LedgerError {
  return new LedgerError(
    'CHAINCODE_UNREACHABLE',
    `no chaincode server answers for ${mspId}`,
    'Start one at that address: fabric-chaincode-node server --chaincode-address <address> --chaincode-id <name>:1.',
    { address },
    { cause },
  );
}
