import { LedgerError } from '../errors.js';
import { readChaincodePackage } from './chaincodeProcess.js';
import type { ChaincodeServer } from './chaincodeServer.js';
import { readChaincodeServer } from './chaincodeServer.js';
import type { ChaincodeSource } from './chaincodeRuntime.js';

/** The chaincode that the option `--chaincode` names. */
export interface LocatedChaincode {
  /** The chaincode's name if none is given. */
  readonly defaultName: string;
  /** One source for each organisation that has chaincode, in the organisations' order. */
  forOrganizations(required: number, organizations: number): readonly ChaincodeSource[];
}

const DEFAULT_NAME = 'chaincode';

/** A folder, or one or more servers joined by commas. @throws LedgerError CHAINCODE_INVALID */
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

/**
 * One server may serve all organisations (to step through a contract in a debugger). Several must suffice for the
 * policy.
 */
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
      'Specify an address for each organisation that must endorse, or a single one for all.',
      { required, organizations },
    );
  }
  return all.map((server) => ({ kind: 'server', server }));
}
