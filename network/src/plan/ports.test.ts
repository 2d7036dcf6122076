import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { freePorts, requireFree } from './ports.js';

it('gives each port once, and none that a system gives to outgoing connections', async () => {
  const ports = (await Promise.all([freePorts(30), freePorts(30)])).flat();
  expect(new Set(ports).size).toBe(60);
  expect(Math.max(...ports)).toBeLessThan(32_768);
  for (const port of ports) await requireFree(port, 'a test');
});

it('holds a port until the node starts that it is for', async () => {
  const [port] = await freePorts(1);
  const other = createServer();
  other.on('error', () => undefined);
  other.listen(port, '127.0.0.1');
  const [refusal] = await once(other, 'error');
  expect(refusal).toMatchObject({ code: 'EADDRINUSE' });
  await requireFree(port!, 'a test');
  other.listen(port, '127.0.0.1');
  await once(other, 'listening');
  await expect(requireFree(port!, 'peer0.org1.example.com')).rejects.toMatchObject({
    code: 'VT9504',
    facts: { port, node: 'peer0.org1.example.com' },
  });
  other.close();
});
