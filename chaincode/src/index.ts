import { MarketContract } from './contracts/marketContract.js';
import { ParticipantContract } from './contracts/participantContract.js';
import { DatasetContract } from './contracts/datasetContract.js';
import { InstanceContract } from './contracts/instanceContract.js';
import { ModelContract } from './contracts/modelContract.js';
import { CoupleContract } from './contracts/coupleContract.js';
import { RoundContract } from './contracts/roundContract.js';
import { guardRuntime } from './ledger/door.js';

guardRuntime();

/** What the chaincode runtime serves. */
export const contracts = [
  MarketContract,
  ParticipantContract,
  DatasetContract,
  InstanceContract,
  ModelContract,
  CoupleContract,
  RoundContract,
];
