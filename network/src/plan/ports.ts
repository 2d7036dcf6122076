import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { NetworkError } from '../errors.js';

const host = '127.0.0.1';

/** Below those that systems give to outgoing connections: a network comes back to its ports after a restart. */
const range = { first: 20_000, count: 12_000 };

/** Sockets on ports that were chosen, so that no other network chooses them before its nodes listen there. */
const held = new Map<number, Server>();

/** Ports of this machine that nothing listens on, all different, held until the node starts that they are for. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  const start = randomInt(range.count);
  for (let step = 0; ports.length < count && step < range.count; step += 1) {
    const port = range.first + ((start + step) % range.count);
    if (await hold(port)) ports.push(port);
  }
  if (ports.length < count) throw new NetworkError('VT9504', 'There are too few free ports on this machine.');
  return ports;
}

async function hold(port: number): Promise<boolean> {
  if (held.has(port)) return false;
  try {
    // Held sockets keep no process alive.
    held.set(port, (await listen(port)).unref());
    return true;
  } catch {
    return false;
  }
}

/** Lets go of the port. @throws NetworkError PORT_BUSY where it is somebody else's, naming who wanted it */
export async function requireFree(port: number, forWhom: string): Promise<void> {
  try {
    await close(held.get(port) ?? (await listen(port)));
    held.delete(port);
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
