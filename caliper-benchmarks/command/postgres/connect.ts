import { Client, type ClientConfig } from 'pg';

const expected = '--postgres takes a connection string: postgresql://user:password@host:port/database';

/**
 * What the driver takes for a connection string.
 * @throws Error for one that is none, without quoting it: it may have a password
 */
export function configOf(connection: string): ClientConfig {
  const config = { connectionString: connection };
  if (!/^postgres(?:ql)?:\/\//.test(connection)) throw new Error(expected);
  try {
    new Client(config);
  } catch {
    throw new Error(expected);
  }
  return config;
}

/** Opens one connection, which is one session of the server's. @throws Error where there is no way in */
export async function connect(config: ClientConfig): Promise<Client> {
  const client = new Client(config);
  // A broken connection fails the query under way or the next one; without a listener it would end this process.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
