import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { transactionNames, transactions } from '@veritrain/chaincode/domain';
import { describe, expect, it } from 'vitest';
import { recordingMarket } from '../testing/recordingMarket.js';

const writer = fileURLToPath(new URL('../../scripts/methods.mjs', import.meta.url));

/** A method by the table's name for it, `couples.list`. */
const methodOf = (market: object, name: string): unknown =>
  name.split('.').reduce<unknown>((of, part) => Reflect.get(of as object, part), market);

describe('the methods', () => {
  it('are those of the table of transactions', () => {
    const check = () => execFileSync(process.execPath, [writer, '--check'], { stdio: 'pipe' });
    expect(check).not.toThrow();
    const { market } = recordingMarket();
    const lacking = transactionNames.filter(
      (name) => typeof methodOf(market, transactions[name].method) !== 'function',
    );
    expect(lacking).toEqual([]);
  });

  it.each(transactionNames)('%s is called by its qualified name with its example', async (name) => {
    const { market, calls } = recordingMarket();
    const { kind, example, contract } = transactions[name];
    const calling = kind === 'submit' ? market.submit(name, example) : market.evaluate(name, example);
    await calling.catch(() => undefined);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ how: kind, call: { name: `${contract}:${name}` } });
    expect(JSON.parse(calls[0]!.call.argument)).toEqual(example);
  });

  it('reach the ledger from their groups', async () => {
    const { market, calls } = recordingMarket();
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
    const { market } = recordingMarket();
    const answered = market.models.register(transactions.RegisterModel.example);
    await expect(answered).rejects.toMatchObject({ code: 'VT8006', transactionId: 't' });
  });
});
