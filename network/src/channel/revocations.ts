import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import { X509Crl } from '@peculiar/x509';
import { NetworkError } from '../errors.js';
import type { Organization } from '../plan/networkFile.js';
import type { NetworkParts } from './channel.js';
import {
  channelConfig,
  configAtPeer,
  updateConfig,
  type ChannelConfig,
  type MspDefinition,
} from './configUpdate.js';

const withinMs = 60_000;

/**
 * Publishes an organisation's revocation list in its definition on the channel, and returns when every peer applies it.
 * A list that the channel already has changes nothing.
 * @param listPem the CA's revocation list
 * @returns whether the channel changed
 * @throws NetworkError PROGRAM_MISSING, PROGRAM_FAILED, NOT_READY_IN_TIME
 */
export async function publishRevocations(
  parts: NetworkParts,
  organization: Organization,
  listPem: string,
): Promise<boolean> {
  const { mspId } = organization;
  const wanted = serialsOf(listPem);
  const before = await channelConfig(parts, organization);
  const changed = !includes(revocationsIn(before, mspId), wanted);
  if (changed)
    await updateConfig(parts, organization, { from: before, to: withRevocations(before, mspId, listPem) });
  await Promise.all(
    parts.network.organizations.map((each) => waitForRevocations(parts, each, mspId, wanted)),
  );
  return changed;
}

async function waitForRevocations(
  parts: NetworkParts,
  at: Organization,
  mspId: string,
  wanted: readonly string[],
): Promise<void> {
  const end = Date.now() + withinMs;
  while (!includes(revocationsIn(await configAtPeer(parts, at), mspId), wanted)) {
    parts.signal?.throwIfAborted();
    if (Date.now() > end)
      throw new NetworkError(
        'VT9509',
        `${at.peer.hostName} did not apply the revocation within ${withinMs / 1000} s.`,
        { facts: { node: at.peer.hostName, mspId } },
      );
    await delay(100);
  }
}

const includes = (serials: ReadonlySet<string>, wanted: readonly string[]): boolean =>
  wanted.every((serial) => serials.has(serial));

const serialsOf = (pem: string): string[] => new X509Crl(pem).entries.map(({ serialNumber }) => serialNumber);

function definitionOf({ channel_group }: ChannelConfig, mspId: string): MspDefinition {
  const organization = channel_group.groups.Application.groups[mspId];
  if (organization === undefined) throw new Error(`${mspId} is not an organisation of the channel`);
  return organization.values.MSP.value.config;
}

function revocationsIn(config: ChannelConfig, mspId: string): Set<string> {
  const { revocation_list: lists } = definitionOf(config, mspId);
  return new Set((lists ?? []).flatMap((list) => serialsOf(Buffer.from(list, 'base64').toString())));
}

/** The CA's newest list has all revocations, so it replaces the previous lists. */
function withRevocations(config: ChannelConfig, mspId: string, listPem: string): ChannelConfig {
  const changed = structuredClone(config);
  definitionOf(changed, mspId).revocation_list = [Buffer.from(listPem).toString('base64')];
  return changed;
}
