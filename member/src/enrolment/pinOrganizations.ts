import type { PinnedOrganization } from '@veritrain/client-sdk/fabric';
import type { ActionContext } from '../calls/context.js';
import { memberError } from '../errors/memberError.js';
import type { Member } from '../profile/member.js';
import { organizationsIn, organizationsInProfile } from './pinnedOrganizations.js';
import { changeProfile } from './profileFile.js';

/**
 * Writes the channel's organisations into the profile: those of a folder, or those of which the gateway tells. An agent
 * that runs takes them by itself.
 *
 * @param agree rejects where the user does not believe what was found; the profile then stays as it is
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
