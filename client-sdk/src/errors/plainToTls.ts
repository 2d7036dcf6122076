import { connect } from 'node:tls';

const answerMs = 2_000;

/** Whether an answer to plain HTTP is what Go's servers (MinIO, Fabric CA) or nginx say where they speak TLS alone. */
export const saysTlsOnly = (answer: string): boolean =>
  /HTTP request to an HTTPS server|HTTP request was sent to HTTPS port/.test(answer);

/**
 * Whether plain HTTP failed because TLS is spoken there. Servers hang up, or answer what is no HTTP; then they are asked
 * by a handshake, which takes two seconds at most.
 */
export async function metTls(error: unknown, address: string): Promise<boolean> {
  const url = URL.parse(address);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return url?.protocol === 'http:' && /^(ECONNRESET$|HPE_)/.test(code) && (await answersTls(url));
}

function answersTls({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const host = hostname.replace(/^\[|\]$/g, '');
    // Who it is does not matter, nothing is sent.
    const socket = connect({ host, port: Number(port || 80), rejectUnauthorized: false, timeout: answerMs });
    const end = (found: boolean) => () => {
      socket.destroy();
      resolve(found);
    };
    socket.once('secureConnect', end(true)).once('timeout', end(false)).on('error', end(false));
  });
}

export const tlsExpected = 'the server there speaks TLS, and the address begins with http://';
export const writeHttps = 'Write https:// in place of http://, and name the CA of its certificate.';
