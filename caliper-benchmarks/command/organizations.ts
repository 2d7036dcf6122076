import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { memberError } from '@veritrain/member/errors';
import {
  readFabricOrganization,
  readMarketEndpoint,
  readMspUser,
  registrarOf,
  type Credentials,
  type MarketEndpoint,
} from '@veritrain/member/enrolment';

/** The reference to a network: one that this project started, or the folder that Fabric's test networks write. */
export type NetworkReference =
  | {
      /** Folder of `veritrain network`, or of an embedded ledger. */
      readonly network: string;
    }
  | {
      /** Folder with `peerOrganizations/`. */
      readonly fabric: string;
      readonly channel: string;
      readonly chaincode: string;
      /** The registrar of its CAs. */
      readonly registrar: Registrar;
    };

interface Registrar {
  readonly enrolmentId: string;
  readonly secret: string;
}

/** An organisation of a network, with everything needed to prepare it. */
export interface Organization {
  readonly domain: string;
  readonly mspId: string;
  readonly endpoint: MarketEndpoint;
  readonly administrator: Credentials;
  readonly registrar: Registrar;
}

/** The organisations of a network, by domain. @throws VeritrainError if something is missing in its folders */
export function organizationsOf(reference: NetworkReference): Organization[] {
  const folder = 'fabric' in reference ? reference.fabric : join(reference.network, 'organizations');
  const peers = join(folder, 'peerOrganizations');
  if (!existsSync(peers)) {
    throw memberError(
      'VT9001',
      `There is no network in ${'fabric' in reference ? folder : reference.network}.`,
      {
        facts: { lookedFor: peers },
        hint: 'Specify the folder of the network’s organisations.',
      },
    );
  }
  return readdirSync(peers)
    .sort()
    .map((domain) => {
      const endpoint =
        'fabric' in reference
          ? readFabricOrganization({ ...reference, organization: domain })
          : readMarketEndpoint(reference.network, domain);
      const user = { organizations: folder, organization: domain, user: 'Admin', mspId: endpoint.mspId };
      const administrator = readMspUser(user);
      const registrar = 'fabric' in reference ? reference.registrar : registrarOf(endpoint.connection);
      return { domain, mspId: administrator.mspId, endpoint, administrator, registrar };
    });
}
