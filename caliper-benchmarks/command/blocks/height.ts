import { connectLedger } from '@veritrain/client-sdk/fabric';
import type { Organization } from '../organizations.js';

/** Number of blocks of a network's channel. */
export async function heightOf({ way, administrator: identity }: Organization): Promise<bigint> {
  const { gateway: address, channel, chaincode } = way.connection;
  const ledger = connectLedger({ address, tls: way.tls, identity, channel, chaincode });
  try {
    return await ledger.height();
  } finally {
    ledger.close();
  }
}
