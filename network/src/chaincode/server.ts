import { join } from 'node:path';
import { NetworkError } from '../errors.js';
import type { NodeSpecification } from '../nodes/node.js';
import type { Layout } from '../plan/layout.js';
import type { Deployment, Organization } from '../plan/networkFile.js';
import { chaincodeTlsFiles } from './certificates.js';
import { readChaincodeFolder } from './folder.js';

/** The name of an organisation's server in processes and logs. */
export const serverName = (
  { name, sequence }: Pick<Deployment, 'name' | 'sequence'>,
  domain: string,
): string => `${name}_${sequence}.${domain}`;

/** The address of an organisation's server in a deployment, and the package id by which its peer knows it. */
export function serverOf(
  { servers, name }: Deployment,
  { domain }: Organization,
): Deployment['servers'][number] {
  const server = servers.find((each) => each.domain === domain);
  if (server !== undefined) return server;
  throw new NetworkError('VT9512', `${name} is not deployed at ${domain}.`, { facts: { name, domain } });
}

/** The chaincode server of one organisation: a separate process that accepts only the organisation's own peer. */
export function chaincodeServer(
  layout: Layout,
  deployment: Deployment,
  organization: Organization,
): NodeSpecification {
  const { domain, mspId } = organization;
  const { port, packageId } = serverOf(deployment, organization);
  const { folder, shim } = readChaincodeFolder(deployment.folder);
  const tls = chaincodeTlsFiles(join(layout.chaincode(domain), 'tls'));
  return {
    name: serverName(deployment, domain),
    program: process.execPath,
    arguments: [
      ...['--no-deprecation', shim, 'server'],
      ...['--chaincode-address', `127.0.0.1:${port}`, '--chaincode-id', packageId],
      ...['--chaincode-tls-cert-file', tls.server.certificate, '--chaincode-tls-key-file', tls.server.key],
      ...['--chaincode-tls-client-cacert-file', tls.root],
    ],
    environment: { CORE_PEER_LOCALMSPID: mspId, CORE_CHAINCODE_LOGGING_LEVEL: 'error' },
    cwd: folder,
    prepare: () => undefined,
    ports: [port],
  };
}
