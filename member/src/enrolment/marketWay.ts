import type { Connection } from './connectionFile.js';
import type { CertificateAuthority, GatewayTls } from './connectionProfile.js';

/** A member's way into a market: through an embedded ledger, or through a peer of its organisation. */
export interface MarketWay {
  readonly connection: Connection;
  /** Domain of the organisation, where it was named or is the only one. */
  readonly organization?: string | undefined;
  /** Default: as {@link defaultMspId} makes it. */
  readonly mspId?: string | undefined;
  readonly tls?: GatewayTls | undefined;
  readonly certificateAuthority?: CertificateAuthority | undefined;
}
