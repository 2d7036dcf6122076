import { deployChaincode, type DeployChoices } from '../chaincode/deploy.js';
import type { Deployment } from '../plan/networkFile.js';
import { onRunning } from './onRunning.js';
import type { NetworkCommand } from './up.js';

export interface DeployOptions extends NetworkCommand, DeployChoices {}

/**
 * Deploys a chaincode as a service for the first time.
 * @throws NetworkError ALREADY_DEPLOYED, and as {@link upgrade}
 */
export const deploy = (options: DeployOptions): Promise<Deployment> =>
  onRunning(options, ['orderer', 'distance', 'peer'], (parts) =>
    deployChaincode(parts, { ...options, isNew: true }, options.onProgress),
  );

/**
 * Upgrades a deployed chaincode to its next sequence. Work in progress continues.
 * @throws NetworkError NETWORK_MISSING, NETWORK_BUSY, NOT_RUNNING, NOT_DEPLOYED, CHAINCODE_INVALID, PROGRAM_FAILED,
 * NODE_DIED, NOT_READY_IN_TIME
 */
export const upgrade = (options: DeployOptions): Promise<Deployment> =>
  onRunning(options, ['orderer', 'distance', 'peer'], (parts) =>
    deployChaincode(parts, { ...options, isNew: false }, options.onProgress),
  );
