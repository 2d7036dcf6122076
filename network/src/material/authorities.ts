import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkParts } from '../channel/channel.js';
import { Layout, type NodeFolders } from '../plan/layout.js';
import type { NetworkFile } from '../plan/networkFile.js';
import { forgetTlsRoots } from './cryptogen.js';
import { authoritiesOf, type OrganizationAuthority } from '../nodes/authority.js';
import { AuthorityClient, writeMsp, writeOrganizationMsp, writeServerTls } from './enrolment.js';

/** Has each organisation's Fabric CA certify its nodes and administrators, all or none. */
export async function enrolMaterial({ layout, network, programs, signal }: NetworkParts): Promise<void> {
  if (existsSync(layout.organizations)) return;
  const draft = new Layout(join(layout.folder, 'draft'));
  rmSync(draft.folder, { recursive: true, force: true });
  await Promise.all(
    authoritiesOf(network).map(async (of) => {
      const client = new AuthorityClient(layout, programs, of.authority, network.tls, signal);
      try {
        await client.open();
        await enrolOrganization(client, { layout, draft, network }, of);
      } finally {
        client.close();
      }
    }),
  );
  if (!network.tls) forgetTlsRoots(draft.organizations, network);
  renameSync(draft.organizations, layout.organizations);
  rmSync(draft.folder, { recursive: true });
}

interface Places {
  readonly layout: Layout;
  /** The layout that holds all files until they are complete. */
  readonly draft: Layout;
  readonly network: NetworkFile;
}

async function enrolOrganization(
  client: AuthorityClient,
  { layout, draft, network }: Places,
  { authority, domain }: OrganizationAuthority,
): Promise<void> {
  const root = readFileSync(layout.authorityRoot(authority.name), 'utf8');
  if (domain === network.ordering.domain) {
    writeOrganizationMsp(join(draft.orderingOrganization(domain), 'msp'), root, domain);
    for (const { hostName } of network.ordering.orderers)
      await enrolServer(client, draft.orderer(domain, hostName), { hostName, domain, type: 'orderer' });
    return;
  }
  writeOrganizationMsp(join(draft.peerOrganization(domain), 'msp'), root, domain);
  const organization = network.organizations.find((each) => each.domain === domain);
  if (organization === undefined) throw new Error(`${domain} is not an organisation of the network`);
  const { hostName } = organization.peer;
  await enrolServer(client, draft.peer(domain, hostName), { hostName, domain, type: 'peer' });
  for (const [user, type] of [
    ['Admin', 'admin'],
    ['User1', 'client'],
  ] as const) {
    const name = `${user}@${domain}`;
    const identity = await client.enrol(name, await client.register({ name, type }));
    writeMsp(draft.user(domain, user), identity, { name, domain });
  }
}

async function enrolServer(
  client: AuthorityClient,
  { mspFolder, tlsFolder }: NodeFolders,
  { hostName, domain, type }: { hostName: string; domain: string; type: 'peer' | 'orderer' },
): Promise<void> {
  const secret = await client.register({ name: hostName, type });
  writeMsp(mspFolder, await client.enrol(hostName, secret), { name: hostName, domain });
  writeServerTls(tlsFolder, await client.enrol(hostName, secret, [hostName, 'localhost', '127.0.0.1']));
}
