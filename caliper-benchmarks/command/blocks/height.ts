import { connectLedger } from '@veritrain/client-sdk/fabric';
import type { Organization } from '../organizations.js';

/** Number of blocks of a network's channel. */
export async function heightOf({ endpoint, administrator: identity }: Organization): Promise<bigint> {
  const { gateway: address, channel, chaincode } = endpoint.connection;
  const ledger = connectLedger({ address, tls: endpoint.tls, identity, channel, chaincode });
  try {
    return await ledger.height();
  } finally {
    ledger.close();
  }
}
