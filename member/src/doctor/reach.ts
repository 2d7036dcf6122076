import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { hostAndPortOf } from '../enrolment/addresses.js';

/**
 * Whether a node answers at an address. `refused`: its machine is there, and nothing listens. `silent`: it takes the
 * connection and says nothing. `unseen`: there is no way there from this machine, as from outside its operator's network.
 */
export type Reach = 'answers' | 'refused' | 'silent' | 'unseen';

const answerMs = 5_000;

/** Failures of the way there. Any other one has come from somebody who answered, who may well speak without TLS. */
const noWay: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ETIMEDOUT',
]);

/** Begins a TLS handshake at `host:port` and ends it at once; who it is is not looked at. Takes `withinMs` at most. */
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
