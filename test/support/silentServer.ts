import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

/** A vault's server that takes every connection and never says a word. */
export class SilentServer {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
    });
  }

  static async start(): Promise<SilentServer> {
    const silent = new SilentServer(createServer());
    silent.server.listen(0, '127.0.0.1');
    await once(silent.server, 'listening');
    return silent;
  }

  /** Whether somebody asked it for something. */
  get wasAsked(): boolean {
    return this.sockets.size > 0;
  }

  /** From the next start of its agent on, a member's vault is here. */
  serve(profile: string): void {
    const { port } = this.server.address() as AddressInfo;
    const [credentials, key] = ['silent-credentials.json', 'silent.key'];
    writeFileSync(join(profile, credentials), '{"accessKey":"a","secretKey":"secret"}', { mode: 0o600 });
    writeFileSync(join(profile, key), '0'.repeat(64), { mode: 0o600 });
    const path = join(profile, 'profile.json');
    const known = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const vault = {
      kind: 's3',
      endpoint: `http://127.0.0.1:${port.toString()}`,
      bucket: 'market',
      credentials: { kind: 'file', path: credentials },
      key: { path: key },
    };
    writeFileSync(path, JSON.stringify({ ...known, vault }), { mode: 0o600 });
  }

  stop(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}
