import { generateKeyPairSync } from 'node:crypto';
import { connectLedger } from '../ledger/connection.js';
import type { PinnedOrganization } from '../ledger/pinnedOrganizations.js';
import type { LedgerTiming } from '../ledger/timing.js';
import type { Ledger } from '../ledger/types.js';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** A connection with waits short enough for tests; the scripted gateway asks for no certificate. */
export function testConnection(
  address: string,
  timing: Partial<LedgerTiming> = {},
  organizations?: readonly PinnedOrganization[],
): Ledger {
  return connectLedger({
    organizations,
    address,
    channel: 'market',
    chaincode: 'chaincode',
    identity: {
      mspId: 'Org1MSP',
      certificatePem: 'certificate',
      privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    },
    timing: { connectMs: 3000, askMs: 300, firstMs: 5, longestMs: 20, attempts: 4, ...timing },
  });
}
