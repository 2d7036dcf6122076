import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { NetworkError } from '../errors.js';

const host = '127.0.0.1';

/** Ports of this machine that nothing listens on, all different. */
export async function freePorts(count: number): Promise<number[]> {
  // All are held until the last is known: a port that was let go could be given again.
  const held = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = held.map(portOf);
  await Promise.all(held.map(close));
  return ports;
}

/** @throws NetworkError PORT_BUSY, naming who wanted it */
export async function requireFree(port: number, forWhom: string): Promise<void> {
  try {
    await close(await listen(port));
  } catch (cause) {
    throw new NetworkError('VT9504', `Port ${port}, where ${forWhom} listens, is taken by another program.`, {
      facts: { port, node: forWhom },
      cause,
    });
  }
}

/** Whether something listens there. */
export async function accepts(port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer();
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}
