import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type LedgerAddresses, chaincodeFolder } from './testMarket.js';

const packageJson = fileURLToPath(import.meta.resolve('@veritrain/embedded-ledger/package.json'));
const { bin } = JSON.parse(readFileSync(packageJson, 'utf8')) as { bin: Record<string, string> };
const program = join(dirname(packageJson), bin['embedded-ledger'] ?? '');

/** The embedded ledger as a process that a test may kill and start again on the same data and ports. */
export class LedgerProcess {
  #child: ChildProcess | undefined;
  #ports = ['0', '0'];

  constructor(private readonly data: string) {}

  async start(): Promise<LedgerAddresses> {
    const [port = '', caPort = ''] = this.#ports;
    const args = ['--chaincode', chaincodeFolder, '--data', this.data, '--port', port, '--ca-port', caPort];
    const child = spawn(process.execPath, [program, ...args, '--until-stdin-ends'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#child = child;
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const addresses = JSON.parse(line) as LedgerAddresses;
    this.#ports = [addresses.gateway, addresses.ca].map((address) =>
      address.slice(address.lastIndexOf(':') + 1),
    );
    return addresses;
  }

  /** Of the running process. */
  get processId(): number | undefined {
    return this.#child?.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined;
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
