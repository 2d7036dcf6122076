import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Profile } from '@veritrain/client-sdk';
import type { PinnedOrganization } from '@veritrain/client-sdk/fabric';
import { z } from 'zod';
import { readUserFile } from '../home/files.js';
import { connectionProfileIn, readConnectionProfile } from './connectionProfile.js';
import { defaultMspId, domainsIn } from './mspUser.js';
import { maxYamlBytes, parseUserYaml } from '../home/yamlFile.js';

/**
 * The organisations that an organisations folder describes, with the roots that their peers' certificates are issued by.
 * @throws FILE_MISSING, FILE_INVALID
 */
export function organizationsIn(folder: string): PinnedOrganization[] {
  return domainsIn(folder).flatMap((domain) => {
    const organization = join(folder, 'peerOrganizations', domain);
    const roots = ['cacerts', 'intermediatecerts'].flatMap((kind) =>
      certificatesIn(join(organization, 'msp', kind)),
    );
    if (roots.length === 0) return [];
    return [
      {
        mspId: mspIdOf(organization, domain),
        rootCertificatesPem: roots,
        peerUnit: peerUnitIn(join(organization, 'msp', 'config.yaml')),
      },
    ];
  });
}

/** Only its connection profile says an organisation's MSP id; without one it is named as cryptogen's samples do. */
function mspIdOf(organization: string, domain: string): string {
  const profile = connectionProfileIn(organization);
  return profile === undefined ? defaultMspId(domain) : readConnectionProfile(profile).mspId;
}

function certificatesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.pem') || name.endsWith('.crt'))
    .sort()
    .map((name) => readUserFile(join(folder, name), 'root certificate'));
}

const nodeUnits = z.object({
  NodeOUs: z
    .object({
      Enable: z.boolean().default(false),
      PeerOUIdentifier: z.object({ OrganizationalUnitIdentifier: z.string().min(1) }).optional(),
    })
    .optional(),
});

function peerUnitIn(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const { NodeOUs } = parseUserYaml(
    readUserFile(path, 'MSP configuration', maxYamlBytes),
    nodeUnits,
    path,
    'MSP configuration',
  );
  return NodeOUs?.Enable === true ? NodeOUs.PeerOUIdentifier?.OrganizationalUnitIdentifier : undefined;
}

/** How a profile writes them down. */
export const organizationsInProfile = (
  organizations: readonly PinnedOrganization[],
): NonNullable<Profile['organizations']> =>
  organizations.map(({ mspId, rootCertificatesPem, peerUnit }) => ({
    mspId,
    rootCertificates: rootCertificatesPem.map((pem) => ({ pem })),
    ...(peerUnit === undefined ? {} : { peerUnit }),
  }));

/** SHA-256 of each root certificate, for people to compare, and for programs in any order. */
export const rootFingerprints = ({ rootCertificatesPem }: PinnedOrganization): string[] =>
  rootCertificatesPem.map((pem) => new X509Certificate(pem).fingerprint256).sort();

/** Whether two of them vouch for the same peers. */
const isSameOrganization = (left: PinnedOrganization, right: PinnedOrganization): boolean =>
  left.mspId === right.mspId &&
  left.peerUnit === right.peerUnit &&
  rootFingerprints(left).join() === rootFingerprints(right).join();

/** How the channel that a gateway tells of differs from what is pinned. */
export interface TrustDifference {
  readonly mspId: string;
  readonly how: 'not pinned' | 'pinned and not on the channel' | 'pinned with other roots';
}

export function differences(
  pinned: readonly PinnedOrganization[],
  channel: readonly PinnedOrganization[],
): TrustDifference[] {
  const find = (list: readonly PinnedOrganization[], mspId: string): PinnedOrganization | undefined =>
    list.find((each) => each.mspId === mspId);
  const ofChannel = channel.flatMap((each): TrustDifference[] => {
    const known = find(pinned, each.mspId);
    if (known === undefined) return [{ mspId: each.mspId, how: 'not pinned' }];
    return isSameOrganization(known, each) ? [] : [{ mspId: each.mspId, how: 'pinned with other roots' }];
  });
  const gone = pinned.filter(({ mspId }) => find(channel, mspId) === undefined);
  return [
    ...ofChannel,
    ...gone.map(({ mspId }) => ({ mspId, how: 'pinned and not on the channel' as const })),
  ];
}
