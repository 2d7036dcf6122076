import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, credentials } from '@grpc/grpc-js';
import { connect, type Gateway, signers } from '@hyperledger/fabric-gateway';
import type { NetworkParts } from '../channel/channel.js';
import { NetworkError } from '../errors.js';
import { peerAddress } from '../plan/addresses.js';
import type { Organization } from '../plan/networkFile.js';
import { onlyFile } from '../system/onlyFile.js';

const withinMs = 60_000;
const callMs = 10_000;
/** Every contract of the Contract API answers this function, which reads and changes nothing. */
const question = 'org.hyperledger.fabric:GetMetadata';

/** Running peers discover each other within a second or two. Peers that do not run are not awaited longer. */
const everybodyWithinMs = 10_000;

/**
 * Asks every organisation's gateway for endorsements until it gets as many as the policy requires. Peers have then
 * discovered each other and the servers of the chaincode. Then, for as long as discovery may take, asks until it gets
 * the endorsements of all organisations.
 */
export async function waitUntilEndorsed(parts: NetworkParts, chaincode: string): Promise<void> {
  await Promise.all(
    parts.network.organizations.map((organization) => endorsedAt(parts, organization, chaincode)),
  );
}

async function endorsedAt(parts: NetworkParts, organization: Organization, chaincode: string): Promise<void> {
  const { client, gateway } = openGateway(parts, organization);
  const contract = gateway.getNetwork(parts.network.channel).getContract(chaincode);
  const everybody = parts.network.organizations.map(({ mspId }) => mspId);
  const ask = (endorsingOrganizations?: string[]): Promise<unknown> =>
    contract
      .newProposal(question, endorsingOrganizations && { endorsingOrganizations })
      .endorse({ deadline: Date.now() + callMs + 4 * parts.network.delayMs });
  try {
    const refusal = await untilDone(() => ask(), withinMs, parts.signal);
    if (refusal !== undefined) throw notEndorsed(organization, chaincode, refusal.cause);
    await untilDone(() => ask(everybody), everybodyWithinMs, parts.signal);
  } finally {
    gateway.close();
    client.close();
  }
}

/** Retries until success or timeout. @returns the last failure if it did not succeed in time */
async function untilDone(
  work: () => Promise<unknown>,
  forMs: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly cause: unknown } | undefined> {
  const end = Date.now() + forMs;
  for (;;) {
    signal?.throwIfAborted();
    try {
      await work();
      return undefined;
    } catch (cause) {
      if (Date.now() > end) return { cause };
      await delay(200);
    }
  }
}

interface OpenGateway {
  readonly client: Client;
  readonly gateway: Gateway;
}

function openGateway({ layout, network }: NetworkParts, organization: Organization): OpenGateway {
  const { domain, mspId, peer } = organization;
  const msp = layout.user(domain, 'Admin');
  const root = join(layout.peer(domain, peer.hostName).tlsFolder, 'ca.crt');
  const channelCredentials = network.tls
    ? credentials.createSsl(readFileSync(root))
    : credentials.createInsecure();
  const direct = { 'grpc.enable_http_proxy': 0 };
  const client = new Client(peerAddress(organization), channelCredentials, direct);
  const identity = { mspId, credentials: onlyFile(join(msp, 'signcerts')) };
  const signer = signers.newPrivateKeySigner(createPrivateKey(onlyFile(join(msp, 'keystore'))));
  return { client, gateway: connect({ client, identity, signer }) };
}

function notEndorsed({ domain }: Organization, chaincode: string, cause: unknown): NetworkError {
  const { details = [] } = cause as { details?: { message: string }[] };
  const why = details[0]?.message ?? (cause instanceof Error ? cause.message : String(cause));
  return new NetworkError(
    'VT9509',
    `${chaincode} was not endorsed at ${domain} after ${withinMs / 1000} s: ${why}`,
    {
      facts: { chaincode, domain },
      cause,
    },
  );
}
