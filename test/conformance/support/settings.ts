import { inject } from 'vitest';

/**
 * Where the network under test is. A project of vitest that brings one up provides them; for a network of your own
 * each can be set as a variable, VERITRAIN_CONFORMANCE_GATEWAY and so on. Without a gateway the suite starts the
 * embedded ledger.
 */
export interface Settings {
  /** GATEWAY: host:port */
  gateway?: string | undefined;
  /** TLS: whether the embedded ledger is to speak TLS */
  embeddedTls?: string | undefined;
  /** TLS_ROOT: file with the gateway's TLS root, for TLS */
  tlsRoot?: string | undefined;
  /** TLS_NAME: host name in the gateway's TLS certificate, where it is not the address */
  tlsName?: string | undefined;
  /** MSP: MSP folder (signcerts, keystore) of a client */
  msp?: string | undefined;
  /** MSP_ID: its organisation, by default Org1MSP */
  mspId?: string | undefined;
  /** CHANNEL and CHAINCODE: where the probe contract is deployed, by every organisation of the channel */
  channel?: string | undefined;
  chaincode?: string | undefined;
  /** CA: URL of the organisation's Fabric CA; without it the tests of enrolment are left out */
  ca?: string | undefined;
  /** CA_NAME, CA_TLS_ROOT, and CA_SECRET of its registrar admin */
  caName?: string | undefined;
  caTlsRoot?: string | undefined;
  caSecret?: string | undefined;
  /** CONSENSUS: raft or bft */
  consensus?: string | undefined;
  /** VERSION: of Fabric */
  version?: string | undefined;
}

const variable = (name: string): string | undefined => process.env[`VERITRAIN_CONFORMANCE_${name}`];

export const settings: Settings = inject('conformance') ?? {
  gateway: variable('GATEWAY'),
  embeddedTls: variable('TLS'),
  tlsRoot: variable('TLS_ROOT'),
  tlsName: variable('TLS_NAME'),
  msp: variable('MSP'),
  mspId: variable('MSP_ID'),
  channel: variable('CHANNEL'),
  chaincode: variable('CHAINCODE'),
  ca: variable('CA'),
  caName: variable('CA_NAME'),
  caTlsRoot: variable('CA_TLS_ROOT'),
  caSecret: variable('CA_SECRET'),
  consensus: variable('CONSENSUS'),
  version: variable('VERSION'),
};

export const isBft = settings.consensus === 'bft';
/** A real network without TLS: who made it may have left the roots of TLS out of the channel's configuration. */
export const isPlainFabric = settings.gateway !== undefined && settings.tlsRoot === undefined;
export const isFabric2 = settings.version?.startsWith('2.') === true;
