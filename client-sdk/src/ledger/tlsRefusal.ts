import { isIP, type Socket } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';
import { splitAddress } from './address.js';

/** Where a gateway is. */
export interface GatewayAddress {
  /** `host:port` */
  readonly address: string;
  /** Absent for plain connections on loopback. */
  readonly tls?:
    | {
        /** The certificate that the gateway's is issued by, PEM. */
        readonly rootCertificatePem: string;
        /** The name in the gateway's certificate, where it is not the host of the address. */
        readonly serverName?: string | undefined;
      }
    | undefined;
}

const answerMs = 2_000;

/**
 * Why TLS does not come about with a gateway that does answer; undefined where that is not what is wrong.
 *
 * @param socket a connection through a proxy, where there is one
 */
export async function tlsRefusal(
  { address, tls }: GatewayAddress,
  socket?: Socket,
): Promise<{ code: string; message: string } | undefined> {
  if (tls === undefined) return undefined;
  const { host, port } = splitAddress(address);
  // An IP address cannot be asked for in a handshake; the certificate is compared with it all the same.
  const servername = tls.serverName ?? (isIP(host) === 0 ? host : '');
  const error = await handshake({
    ...(socket === undefined ? { host, port } : { socket, host }),
    ca: tls.rootCertificatePem,
    servername,
    ALPNProtocols: ['h2'],
    timeout: answerMs,
  });
  return error !== undefined && isOfTls(error)
    ? { code: String(error.code), message: error.message }
    : undefined;
}

/** What has a system call in it is about the way there; a handshake cut off half-way may be the gateway going down. */
const isOfTls = (error: Error): error is Error & { code: unknown } =>
  'code' in error && !('syscall' in error) && error.code !== 'ECONNRESET';

function handshake(options: ConnectionOptions): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const socket = connect(options);
    const end = (error?: Error): void => {
      socket.destroy();
      resolve(error);
    };
    socket
      .once('secureConnect', () => end())
      .once('timeout', () => end())
      .on('error', end);
  });
}
