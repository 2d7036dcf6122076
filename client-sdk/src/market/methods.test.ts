import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type TransactionName, transactionNames, transactions } from '@veritrain/chaincode/domain';
import { describe, expect, it } from 'vitest';
import type { ContractCall, Ledger } from '../ledger/types.js';
import { resolveProfile } from '../profile/profile.js';
import { inMemoryKeyring } from '../keys/keyring.js';
import { filesystemVault } from '../vault/filesystemVault.js';
import { plainHandles } from '../vault/handles.js';
import { marketOn } from './market.js';
import { methods } from './methods.js';

const writer = new URL('../../scripts/methods.mjs', import.meta.url);
const pem = '-----BEGIN CERTIFICATE-----\n';
const profile = resolveProfile(
  {
    schemaVersion: 1,
    name: 'test',
    gateway: { address: 'localhost:1' },
    channel: 'market',
    chaincode: 'chaincode',
    mspId: 'Org1MSP',
    certificate: { pem },
    privateKey: { pem },
    keyring: { path: 'k' },
    vault: { kind: 'filesystem', path: 'v' },
    home: 'h',
  },
  '/nowhere',
);

const own = {
  keyring: () => inMemoryKeyring(),
  vault: { vault: filesystemVault('/nowhere/v'), handles: plainHandles },
};

/** A ledger that notes what it is called with and answers nothing useful. */
function recorder(): { ledger: Ledger; calls: { how: string; call: ContractCall }[] } {
  const calls: { how: string; call: ContractCall }[] = [];
  const answer = new TextEncoder().encode('{}');
  const ledger: Ledger = {
    channel: 'market',
    chaincode: 'chaincode',
    submit(call) {
      calls.push({ how: 'submit', call });
      return Promise.resolve({ result: answer, transactionId: 't', blockNumber: 1n });
    },
    evaluate(call) {
      calls.push({ how: 'evaluate', call });
      return Promise.resolve(answer);
    },
    events: () => {
      throw new Error('unused');
    },
    height: () => Promise.resolve(1n),
    genesis: () => Promise.reject(new Error('unused')),
    channelConfig: () => Promise.reject(new Error('unused')),
    contractDefinition: () => Promise.reject(new Error('unused')),
    rehearse: () => Promise.reject(new Error('unused')),
    evaluateEndorsed: () => Promise.reject(new Error('unused')),
    close: () => undefined,
  };
  return { ledger, calls };
}

describe('the methods', () => {
  it('are those of the table of transactions', () => {
    const check = () => execFileSync(process.execPath, [fileURLToPath(writer), '--check'], { stdio: 'pipe' });
    expect(check).not.toThrow();
    const listed = Object.values(methods).flatMap((verbs) => Object.values<TransactionName>(verbs));
    expect(listed.sort()).toEqual([...transactionNames].sort());
  });

  it.each(transactionNames)('%s is called by its qualified name with its example', async (name) => {
    const { ledger, calls } = recorder();
    const market = marketOn(ledger, profile, own);
    const { kind, example, contract } = transactions[name];
    const calling = kind === 'submit' ? market.submit(name, example) : market.evaluate(name, example);
    await calling.catch(() => undefined);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ how: kind, call: { name: `${contract}:${name}` } });
    expect(JSON.parse(calls[0]!.call.argument)).toEqual(example);
  });

  it('reach the ledger from their groups', async () => {
    const { ledger, calls } = recorder();
    const market = marketOn(ledger, profile, own);
    await market.clock.tick().catch(() => undefined);
    await market.couples.list().catch(() => undefined);
    await market.rounds.get({ coupleId: 'tc_1', attempt: 2 }).catch(() => undefined);
    expect(calls.map(({ call }) => call.name)).toEqual([
      'MarketContract:Tick',
      'CoupleContract:ListCouples',
      'RoundContract:GetRound',
    ]);
  });

  it('refuse an answer of another shape, naming the transaction that was committed', async () => {
    const { ledger } = recorder();
    const market = marketOn(ledger, profile, own);
    const answered = market.models.register(transactions.RegisterModel.example);
    await expect(answered).rejects.toMatchObject({ code: 'VT8006', transactionId: 't' });
  });
});
