import type { Market } from '@veritrain/client-sdk';
import { inMemoryKeyring, type Keyring } from '@veritrain/client-sdk/keys';
import { filesystemVault, plainHandles } from '@veritrain/client-sdk/vault';

export const place = { channel: 'market', chaincode: 'veritrain' };

interface Scripted {
  /** Holds the market's vault. */
  readonly folder: string;
  /** What the ledger answers to the calls that the test expects; any other fails. */
  readonly ledger?: Readonly<Record<string, unknown>>;
  readonly keyring?: Keyring;
}

/** A market with a genuine keyring and vault over a ledger that the test scripts. */
export const scriptedMarket = ({
  folder,
  ledger = {},
  keyring = inMemoryKeyring('member'),
}: Scripted): Market =>
  ({
    place,
    keyring,
    vault: filesystemVault(`${folder}/vault`),
    handles: plainHandles,
    ...ledger,
  }) as unknown as Market;
