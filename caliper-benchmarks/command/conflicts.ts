import { Client, credentials } from '@grpc/grpc-js';
import { connect, signers } from '@hyperledger/fabric-gateway';
import { createPrivateKey } from 'node:crypto';
import { connectLedger } from '@veritrain/client-sdk';
import type { Organization } from './organizations.js';

/** Fabric's validation codes of a transaction that read what another one has written meanwhile. */
const conflictCodes: ReadonlySet<number> = new Set([
  11, // MVCC_READ_CONFLICT
  12, // PHANTOM_READ_CONFLICT
]);

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

/**
 * The ids of the transactions that were committed as conflicts, by the codes in the blocks.
 * @param from number of the first block to look at
 */
export async function conflictsSince(organization: Organization, from: bigint): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const end = await heightOf(organization);
  if (from >= end) return found;
  const { way, administrator } = organization;
  const client = clientOf(organization);
  const gateway = connect({
    client,
    identity: { mspId: administrator.mspId, credentials: Buffer.from(administrator.certificatePem) },
    signer: signers.newPrivateKeySigner(createPrivateKey(administrator.privateKeyPem)),
  });
  try {
    const network = gateway.getNetwork(way.connection.channel);
    const blocks = await network.getFilteredBlockEvents({ startBlock: from });
    for await (const block of blocks) {
      for (const transaction of block.getFilteredTransactionsList())
        if (conflictCodes.has(transaction.getTxValidationCode())) found.add(transaction.getTxid());
      if (BigInt(block.getNumber()) + 1n >= end) break;
    }
    return found;
  } finally {
    gateway.close();
    client.close();
  }
}

function clientOf({ way: { connection, tls } }: Organization): Client {
  if (tls === undefined) return new Client(connection.gateway, credentials.createInsecure());
  const { rootCertificatePem, serverName } = tls;
  return new Client(connection.gateway, credentials.createSsl(Buffer.from(rootCertificatePem)), {
    ...(serverName === undefined ? {} : { 'grpc.ssl_target_name_override': serverName }),
  });
}
