import { join } from 'node:path';
import { digest } from '@veritrain/chaincode/domain';
import { z } from 'zod';
import { sdkError } from '../errors/veritrainError.js';
import type { NamedLedger } from '../keys/keyring.js';
import type { Ledger } from '../ledger/types.js';
import type { LoadedProfile } from '../profile/profile.js';
import { readTextIfAny, writeFileAtomic } from '../storage/files.js';

const pinSchema = z.strictObject({
  schemaVersion: z.literal(1),
  channel: z.string(),
  chaincode: z.string(),
  genesis: digest,
});

/** Where a profile's home keeps which ledger it first met. */
export const pinPath = (home: string): string => join(home, 'ledger.json');

function parsePin(text: string, path: string): z.infer<typeof pinSchema> {
  try {
    return pinSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw sdkError('VT8002', `The ledger that is pinned at ${path} cannot be read.`, {
      facts: { path },
      cause,
    });
  }
}

/**
 * Which ledger a member's secrets are for: what its profile says, else the ledger that it met first, which is kept. A
 * ledger that answers under the same names later gets none of them.
 */
export class LedgerPin {
  #known: NamedLedger | undefined;
  #failure: unknown;
  #isAsking = false;

  private constructor(
    private readonly ledger: Ledger,
    private readonly home: string,
  ) {}

  /** Asks the ledger only where nothing is pinned; where it cannot be asked, again when it is needed. */
  static async open(ledger: Ledger, { genesis, home }: LoadedProfile): Promise<LedgerPin> {
    const pin = new LedgerPin(ledger, home);
    if (genesis !== undefined) pin.#known = pin.#named(genesis);
    else pin.#readKept();
    if (pin.#known === undefined) await pin.#ask();
    return pin;
  }

  /** @throws why the ledger could not be asked yet */
  get(): NamedLedger {
    if (this.#known !== undefined) return this.#known;
    if (!this.#isAsking) void this.#ask();
    throw this.#failure;
  }

  #named(genesis: string): NamedLedger {
    const { channel, chaincode } = this.ledger;
    return { channel, chaincode, genesis };
  }

  #readKept(): void {
    const text = readTextIfAny(pinPath(this.home));
    if (text === undefined) return;
    const { channel, chaincode, genesis } = parsePin(text, pinPath(this.home));
    const isSame = channel === this.ledger.channel && chaincode === this.ledger.chaincode;
    if (isSame) this.#known = this.#named(genesis);
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    try {
      const named = this.#named(await this.ledger.genesis());
      const pin = { schemaVersion: 1, ...named };
      await writeFileAtomic(pinPath(this.home), Buffer.from(`${JSON.stringify(pin)}\n`));
      this.#known = named;
    } catch (error) {
      this.#failure = error;
    } finally {
      this.#isAsking = false;
    }
  }
}
