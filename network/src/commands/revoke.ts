import { publishRevocations } from '../channel/revocations.js';
import type { NetworkParts } from '../channel/channel.js';
import { NetworkError } from '../errors.js';
import { AuthorityClient, type RevocationReason } from '../material/enrolment.js';
import type { Authority, Organization } from '../plan/networkFile.js';
import { onRunning } from './onRunning.js';
import type { NetworkCommand } from './up.js';

export interface RevokeOptions extends NetworkCommand {
  /** Domain of the organisation whose CA enrolled the member. */
  readonly organization: string;
  readonly enrolmentId: string;
  readonly reason?: RevocationReason | undefined;
}

export interface Revocation {
  readonly organization: string;
  readonly enrolmentId: string;
  /** False if the channel had the revocation already. */
  readonly changed: boolean;
}

/**
 * Revokes a member: first its certificates at its organisation's CA, then, by the CA's list, on the channel. Returns
 * when every peer refuses the member. A second call completes an interrupted one, and changes nothing else.
 * @throws NetworkError NETWORK_MISSING, NETWORK_BUSY, NOT_RUNNING, AUTHORITY_MISSING, ORGANIZATION_UNKNOWN,
 * ENROLMENT_UNKNOWN, ENROLMENT_NEEDED, PROGRAM_MISSING, PROGRAM_FAILED, NOT_READY_IN_TIME
 */
export function revoke(options: RevokeOptions): Promise<Revocation> {
  const { enrolmentId, reason = 'unspecified', onProgress = () => undefined } = options;
  return onRunning(options, ['authority', 'orderer', 'distance', 'peer'], async (parts) => {
    const { organization, authority } = certifierOf(parts, options);
    // Checked before anything changes.
    parts.programs.path('configtxlator');
    onProgress(`revoking ${enrolmentId} at ${authority.name}`);
    const list = await revokeAt(parts, authority, { enrolmentId, reason });
    onProgress('updating the channel');
    const changed = await publishRevocations(parts, organization, list);
    return { organization: organization.domain, enrolmentId, changed };
  });
}

function certifierOf(
  { network }: NetworkParts,
  { organization: domain, enrolmentId }: RevokeOptions,
): { organization: Organization; authority: Authority } {
  const organization = network.organizations.find((each) => each.domain === domain);
  if (organization === undefined) {
    const domains = network.organizations.map((each) => each.domain).join(', ');
    throw new NetworkError(
      'VT9521',
      `${domain} is not an organisation of the network. Its organisations are ${domains}.`,
      {
        facts: { organization: domain },
      },
    );
  }
  const { authority, peer } = organization;
  if (authority === undefined)
    throw new NetworkError('VT9520', `${domain} has no Fabric CA.`, { facts: { organization: domain } });
  if (['admin', `Admin@${domain}`, peer.hostName].includes(enrolmentId))
    throw new NetworkError('VT9523', `${domain} itself needs ${enrolmentId}.`, {
      facts: { organization: domain, enrolmentId },
    });
  return { organization, authority };
}

async function revokeAt(
  { layout, network, programs, signal }: NetworkParts,
  authority: Authority,
  { enrolmentId, reason }: { enrolmentId: string; reason: RevocationReason },
): Promise<string> {
  const client = new AuthorityClient(layout, programs, authority, network.tls, signal);
  try {
    await client.open();
    await client.revoke(enrolmentId, reason);
    return await client.revocationList();
  } catch (cause) {
    if (!(cause instanceof NetworkError && cause.reason.includes('was not found'))) throw cause;
    throw new NetworkError('VT9522', `${authority.name} has not enrolled ${enrolmentId}.`, {
      facts: { authority: authority.name, enrolmentId },
      cause,
    });
  } finally {
    client.close();
  }
}
