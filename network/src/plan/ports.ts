import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { NetworkError } from '../errors.js';

const host = '127.0.0.1';

/** Below the ports that systems give to outgoing connections, so a network's ports are free again after a restart. */
const range = { first: 20_000, count: 12_000 };

/** Sockets on chosen ports. They keep other networks from choosing the ports before the nodes listen there. */
const held = new Map<number, Server>();

/** Free ports of this machine, all different. Each is held until its node starts. */
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
    // Held sockets do not keep the process alive.
    held.set(port, (await listen(port)).unref());
    return true;
  } catch {
    return false;
  }
}

/** Releases the port. @throws NetworkError PORT_BUSY if another program uses it, with the name of its node */
export async function requireFree(port: number, forWhom: string): Promise<void> {
  try {
    await close(held.get(port) ?? (await listen(port)));
    held.delete(port);
  } catch (cause) {
    throw new NetworkError('VT9504', `Another program uses port ${port}, which ${forWhom} needs.`, {
      facts: { port, node: forWhom },
      cause,
    });
  }
}

/** Whether a server listens there. */
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
