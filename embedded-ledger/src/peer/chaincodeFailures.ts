import { LedgerError } from '../errors.js';

/** The process of an organisation's chaincode ended. */
export function chaincodeEnded(mspId: string, how: string): LedgerError {
  return new LedgerError(
    'CHAINCODE_INVALID',
    `the chaincode of ${mspId} ended ${how}`,
    'Start it alone to see more: fabric-chaincode-node server in its folder.',
    { organization: mspId },
  );
}

/** A chaincode server that was started from a folder did not register in time. */
export function chaincodeSilent(mspId: string, address: string, cause: unknown): LedgerError {
  return new LedgerError(
    'CHAINCODE_UNREACHABLE',
    `the chaincode of ${mspId} was started and has not registered`,
    'Look at what it does when it is loaded; --connect-timeout gives it longer.',
    { address },
    { cause },
  );
}

/** Nothing answers at the address that was named. */
export function chaincodeUnreachable(mspId: string, address: string, cause: unknown): LedgerError {
  return new LedgerError(
    'CHAINCODE_UNREACHABLE',
    `no chaincode server answers for ${mspId}`,
    'Start it there: fabric-chaincode-node server --chaincode-address <address> --chaincode-id <name>:1.',
    { address },
    { cause },
  );
}
