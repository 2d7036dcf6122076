import { LedgerError } from '../errors.js';
import { readChaincodePackage } from './chaincodeProcess.js';
import type { ChaincodeServer } from './chaincodeServer.js';
import { readChaincodeServer } from './chaincodeServer.js';
import type { ChaincodeSource } from './chaincodeRuntime.js';

/** Where the option `--chaincode` points to. */
export interface LocatedChaincode {
  /** The name that the chaincode gets where none is given. */
  readonly defaultName: string;
  /** One source for each organisation that has chaincode, in their order. */
  forOrganizations(required: number, organizations: number): readonly ChaincodeSource[];
}

const DEFAULT_NAME = 'chaincode';

/** A folder, or one server or more joined by commas. @throws LedgerError CHAINCODE_INVALID */
export function locateChaincode(chaincode: string): LocatedChaincode {
  const references = chaincode.split(',');
  const servers = references.flatMap((reference) => readChaincodeServer(reference) ?? []);
  if (servers.length === references.length) {
    const forOrganizations = (required: number, organizations: number): readonly ChaincodeSource[] =>
      serverSources(servers, required, organizations);
    return { defaultName: DEFAULT_NAME, forOrganizations };
  }
  const located = readChaincodePackage(chaincode);
  return {
    defaultName: located.name,
    forOrganizations: (_, organizations) =>
      Array.from({ length: organizations }, () => ({ kind: 'folder', chaincode: located })),
  };
}

/** One server may serve all (to step through a contract in a debugger); several must suffice for the policy. */
function serverSources(
  servers: readonly ChaincodeServer[],
  required: number,
  organizations: number,
): ChaincodeSource[] {
  const all = servers.length === 1 ? Array.from({ length: organizations }).flatMap(() => servers) : servers;
  if (all.length < required || all.length > organizations) {
    throw new LedgerError(
      'CHAINCODE_INVALID',
      `${String(all.length)} chaincode addresses do not fit`,
      'Give an address for each organisation that is to endorse, or a single one for all.',
      { required, organizations },
    );
  }
  return all.map((server) => ({ kind: 'server', server }));
}
