import { memberError } from '../errors/memberError.js';
import { readConnection, type Connection } from './connectionFile.js';
import { readFabricOrganization } from './fabricOrganization.js';
import { readUserFile } from '../home/files.js';
import type { MarketWay } from './marketWay.js';
import { onlyDomain } from './mspUser.js';

/**
 * The way that a connection file names; a network's has one for each organisation.
 * @param named domain of the organisation; where there is only one, it need not be named
 * @throws FILE_MISSING, FILE_INVALID, IDENTITY_MISSING, WRONG_ARGUMENT
 */
export function readMarketWay(reference: string, named?: string): MarketWay {
  const connection = readConnection(reference);
  const organization = onlyDomain(connection.organizations, named);
  if ('gateway' in connection) return { ...ofLedger(connection), organization };
  const { organizations, channel, chaincode, registrars } = connection;
  if (chaincode === undefined) {
    throw memberError('VT9204', 'Nothing is deployed on this network yet.', {
      facts: { organizations },
      hint: 'Deploy the market’s contract: veritrain network deploy',
    });
  }
  const way = readFabricOrganization({ fabric: organizations, organization, channel, chaincode });
  const isKnown = organization !== undefined && Object.hasOwn(registrars, organization);
  const registrar = isKnown ? registrars[organization] : undefined;
  return {
    ...way,
    connection: { ...way.connection, ...(registrar === undefined ? {} : { registrar }) },
  };
}

function ofLedger(connection: Connection): MarketWay {
  const { tls, ca } = connection;
  if (tls === undefined)
    return { connection, ...(ca === undefined ? {} : { certificateAuthority: { url: ca } }) };
  const rootCertificatePem = readUserFile(tls.rootCertificate, 'root certificate');
  return {
    connection,
    tls: { rootCertificatePem, serverName: tls.serverName },
    ...(ca === undefined ? {} : { certificateAuthority: { url: ca, tlsRootPem: rootCertificatePem } }),
  };
}
