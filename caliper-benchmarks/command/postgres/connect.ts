import { Client, type ClientConfig } from 'pg';

const expected = '--postgres takes a connection string: postgresql://user:password@host:port/database';

/**
 * Parses a connection string with the driver.
 * @throws Error for an invalid one, without quoting it, since it may contain a password
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

/**
 * Opens one connection, which is one session of the server. @throws Error if the server is unreachable or refuses it
 */
export async function connect(config: ClientConfig): Promise<Client> {
  const client = new Client(config);
  // A broken connection fails the current or the next query. Without a listener it would end this process.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
