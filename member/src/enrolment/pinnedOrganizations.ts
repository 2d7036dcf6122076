import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MarketConfig, Profile } from '@veritrain/client-sdk';
import type { PinnedOrganization } from '@veritrain/client-sdk/fabric';
import { z } from 'zod';
import type { ActionContext } from '../calls/action.js';
import { memberError } from '../errors/memberError.js';
import { readUserFile } from '../home/userInput.js';
import { maxYamlBytes, parseUserYaml } from '../home/yamlFile.js';
import type { Member } from '../profile/member.js';
import { changeProfile } from '../profile/profileFile.js';
import { connectionProfileIn, readConnectionProfile } from './connectionProfile.js';
import { defaultMspId, domainsIn } from './mspUser.js';

/**
 * The organisations in an organisations folder, with the roots of their peers' certificates.
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

/** Only a connection profile says the MSP id; without one assume the default. */
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

/** Organisations as a profile stores them. */
export const organizationsInProfile = (
  organizations: readonly PinnedOrganization[],
): NonNullable<Profile['organizations']> =>
  organizations.map(({ mspId, rootCertificatesPem, peerUnit }) => ({
    mspId,
    rootCertificates: rootCertificatesPem.map((pem) => ({ pem })),
    ...(peerUnit === undefined ? {} : { peerUnit }),
  }));

/** SHA-256 of each root certificate, sorted. */
export const rootFingerprints = ({ rootCertificatesPem }: PinnedOrganization): string[] =>
  rootCertificatesPem.map((pem) => new X509Certificate(pem).fingerprint256).sort();

/** Whether two organisations certify the same peers. */
const isSameOrganization = (left: PinnedOrganization, right: PinnedOrganization): boolean =>
  left.mspId === right.mspId &&
  left.peerUnit === right.peerUnit &&
  rootFingerprints(left).join() === rootFingerprints(right).join();

/** A difference between the pinned organisations and the channel's, as the gateway reports them. */
interface TrustDifference {
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

/**
 * Pins the channel's organisations in the profile: those in a folder, or those that the gateway reports. A running agent
 * picks them up.
 *
 * @param agree rejects if the user does not confirm them; the profile then stays as it is
 * @throws FILE_MISSING, FILE_INVALID, WRONG_ARGUMENT for a folder without organisations
 */
export async function pinOrganizations(
  { home, market }: Member,
  { fabric }: { fabric?: string | undefined },
  { signal }: ActionContext,
  agree: (found: readonly PinnedOrganization[]) => Promise<void>,
): Promise<readonly PinnedOrganization[]> {
  const found =
    fabric === undefined ? (await market.channel.config({ signal })).organizations : organizationsIn(fabric);
  if (found.length === 0) {
    const facts = { folder: fabric ?? '' };
    throw memberError('VT9001', 'There are no organisations with roots to pin.', { facts });
  }
  await agree(found);
  await changeProfile(home, { organizations: organizationsInProfile(found) });
  return found;
}

/** Says what a market of fewer than three organisations cannot guarantee; undefined for one that has enough. */
export function developmentNote({ development, settings }: MarketConfig): string | undefined {
  if (!development) return undefined;
  const { length } = settings.votingOrganizations;
  const voting = length === 1 ? 'only one organisation votes' : `only ${length} organisations vote`;
  return `a development market: ${voting}, so one alone can write anything where any of them may endorse, and stop everything where all of them must; a market needs three`;
}
