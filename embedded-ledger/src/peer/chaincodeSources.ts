import { LedgerError } from '../errors.js';
import { readChaincodePackage } from './chaincodeProcess.js';
import type { ChaincodeSource } from './chaincodeRuntime.js';

/** Where the option `--chaincode` points to. */
export interface LocatedChaincode {
  /** The name that the chaincode gets where none is given. */
  readonly defaultName: string;
  /** One source for each organisation that has chaincode, in their order. */
  forOrganizations(required: number, organizations: number): readonly ChaincodeSource[];
}

const ADDRESS = /^(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}$/;
const DEFAULT_NAME = 'chaincode';

/** A folder, or one address or more joined by commas. @throws LedgerError CHAINCODE_INVALID */
export function locateChaincode(chaincode: string): LocatedChaincode {
  const addresses = chaincode.split(',');
  if (addresses.every((address) => ADDRESS.test(address))) {
    const forOrganizations = (required: number, organizations: number): readonly ChaincodeSource[] =>
      addressSources(addresses, required, organizations);
    return { defaultName: DEFAULT_NAME, forOrganizations };
  }
  const located = readChaincodePackage(chaincode);
  return {
    defaultName: located.name,
    forOrganizations: (_, organizations) =>
      Array.from({ length: organizations }, () => ({ kind: 'folder', chaincode: located })),
  };
}

/** One address may serve all (to step through a contract in a debugger); several must suffice for the policy. */
function addressSources(
  addresses: readonly string[],
  required: number,
  organizations: number,
): ChaincodeSource[] {
  const [first] = addresses;
  const all = addresses.length === 1 ? Array.from({ length: organizations }, () => first ?? '') : addresses;
  if (all.length < required || all.length > organizations) {
    throw new LedgerError(
      'CHAINCODE_INVALID',
      `${String(all.length)} chaincode addresses do not fit`,
      'Give an address for each organisation that is to endorse, or a single one for all.',
      { required, organizations },
    );
  }
  return all.map((address) => ({ kind: 'address', address }));
}
