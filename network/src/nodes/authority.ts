import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from '../plan/layout.js';
import { writeFile, type Authority, type NetworkFile } from '../plan/networkFile.js';
import type { Programs } from '../system/programs.js';
import { render } from '../plan/render.js';
import type { NodeSpecification } from './node.js';

/** A Fabric CA and the organisation that it certifies. */
export interface OrganizationAuthority {
  readonly authority: Authority;
  readonly domain: string;
}

export function authoritiesOf({ ordering, organizations }: NetworkFile): OrganizationAuthority[] {
  return [ordering, ...organizations].flatMap(({ domain, authority }) =>
    authority === undefined ? [] : [{ authority, domain }],
  );
}

/** The Fabric CA of each organisation, if the network has CAs. */
export function authorityNodes(
  layout: Layout,
  network: NetworkFile,
  programs: Programs,
): NodeSpecification[] {
  return authoritiesOf(network).map(({ authority, domain }) => {
    const folder = layout.authority(authority.name);
    return {
      name: authority.name,
      program: programs.path('fabric-ca-server'),
      arguments: ['start', '--home', folder],
      environment: { FABRIC_CA_SERVER_LOGLEVEL: 'warning' },
      cwd: folder,
      prepare: () => {
        const values = { ...authority, domain, tls: network.tls, secret: secretOf(layout, authority) };
        render('fabric-ca-server-config.yaml', values, join(folder, 'fabric-ca-server-config.yaml'), 0o600);
      },
      ports: Object.values(authority.ports),
      operationsPort: authority.ports.operations,
    };
  });
}

/** The registrar's secret, created at the first call. */
export function secretOf(layout: Layout, { name }: Authority): string {
  const path = layout.registrarSecret(name);
  if (!existsSync(path)) writeFile(path, `${randomBytes(24).toString('base64url')}\n`, 0o600);
  return readFileSync(path, 'utf8').trim();
}
