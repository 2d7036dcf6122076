import type { ContractCall, Ledger } from '../ledger/types.js';
import { inMemoryKeyring } from '../keys/keyring.js';
import { type Market, marketOn } from '../market/market.js';
import { resolveProfile } from '../profile/profile.js';
import { filesystemVault } from '../vault/filesystemVault.js';
import { plainHandles } from '../vault/handles.js';

const pem = '-----BEGIN CERTIFICATE-----\n';
const profile = resolveProfile(
  {
    schemaVersion: 1,
    name: 'test',
    gateway: { address: 'localhost:1' },
    channel: 'market',
    chaincode: 'chaincode',
    mspId: 'Org1MSP',
    certificate: { pem },
    privateKey: { pem },
    keyring: { path: 'k' },
    vault: { kind: 'filesystem', path: 'v' },
    home: 'h',
  },
  '/nowhere',
);

interface RecordedCall {
  readonly how: 'submit' | 'evaluate';
  readonly call: ContractCall;
}

/** A market on a ledger that notes what it is called with. */
export interface RecordingMarket {
  readonly market: Market;
  readonly calls: RecordedCall[];
}

/** @param answer what every call is answered with; `{}`, which is of no use, unless it is given */
export function recordingMarket(answer: object = {}): RecordingMarket {
  const calls: RecordedCall[] = [];
  const result = new TextEncoder().encode(JSON.stringify(answer));
  const unused = (): never => {
    throw new Error('unused');
  };
  const ledger: Ledger = {
    channel: 'market',
    chaincode: 'chaincode',
    submit(call) {
      calls.push({ how: 'submit', call });
      return Promise.resolve({ result, transactionId: 't', blockNumber: 1n });
    },
    evaluate(call) {
      calls.push({ how: 'evaluate', call });
      return Promise.resolve(result);
    },
    events: unused,
    height: unused,
    genesis: unused,
    channelConfig: unused,
    contractDefinition: unused,
    rehearse: unused,
    evaluateEndorsed: unused,
    close: () => undefined,
  };
  const own = {
    keyring: () => inMemoryKeyring(),
    vault: { vault: filesystemVault('/nowhere/v'), handles: plainHandles },
  };
  return { market: marketOn(ledger, profile, own), calls };
}
