import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { hostAndPortOf } from '../enrolment/addresses.js';

/**
 * Whether a node answers at an address. `refused`: its machine answers, nothing listens on the port. `silent`: it accepts
 * the connection and sends nothing. `unseen`: this machine has no route to it, as from outside the operator's network.
 */
export type Reach = 'answers' | 'refused' | 'silent' | 'unseen';

const answerMs = 5_000;

/** Network failures. Any other error comes from a node that answered, perhaps without TLS. */
const noWay: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ETIMEDOUT',
]);

/** Begins a TLS handshake at `host:port` and ends it at once, without verifying the node. Takes `withinMs` at most. */
export function reach(address: string, withinMs = answerMs): Promise<Reach> {
  const { host, port } = hostAndPortOf(address);
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      rejectUnauthorized: false,
      ALPNProtocols: ['h2'],
    });
    let taken = false;
    const end = (found: Reach): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(found);
    };
    const timer = setTimeout(() => end(taken ? 'silent' : 'unseen'), withinMs);
    socket
      .once('connect', () => (taken = true))
      .once('secureConnect', () => end('answers'))
      .once('close', () => end('answers'))
      .on('error', (error: Error) => end(reachAfter(error)));
  });
}

function reachAfter(error: Error): Reach {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return 'refused';
  return noWay.has(code) ? 'unseen' : 'answers';
}
