import fc from 'fast-check';
import { instanceIdOf, type DrawSide, type InputOf, type TransactionName } from '../domain/index.js';
import { hashOf, handle } from './fixtures.js';
import { records } from '../ledger/collections.js';
import type { TestMarket } from './market.js';
import { recordsOf } from './records.js';

/** A call that a member might make, sensible or not: the caller, the act, and numbers that choose the details. */
export interface AnyCall {
  readonly who: string;
  readonly act: Act;
  readonly a: number;
  readonly b: number;
}

interface Call {
  readonly name: TransactionName;
  readonly input: InputOf<TransactionName>;
}

const callers = ['owner', 'modeller', 'host0', 'host1', 'host2', 'admin'] as const;
const coupleOf = (a: number): string => (a === 7 ? 'tc_two' : 'tc_test');

type Make = (market: TestMarket, who: string, a: number, b: number) => Call | null;

const hasRounds = (market: TestMarket, coupleId: string): boolean =>
  recordsOf(market.ledger, records.round).some(({ key }) => key[0] === coupleId);

const typed = <Name extends TransactionName>(name: Name, input: InputOf<Name>): Call => ({ name, input });
/** Usually the couple's last attempt, sometimes any other. */
function attemptOf(market: TestMarket, a: number, b: number): number {
  const couple = recordsOf(market.ledger, records.couple).find(({ key }) => key[0] === coupleOf(a));
  return b === 7 ? 1 + (a % 4) : Math.max(1, couple?.value.attempts ?? 1);
}

const indexOf = (market: TestMarket, a: number): number => a % market.subsets;
const slotOf = (market: TestMarket, a: number, b: number): string =>
  instanceIdOf('ds_test', indexOf(market, a), b % 3);

/** Usually the right digest, sometimes a wrong one. */
const digestOf = (market: TestMarket, a: number, b: number): string =>
  b % 5 === 0 ? hashOf('lie') : market.updateDigest(attemptOf(market, a, b), indexOf(market, a));

const link = (market: TestMarket, side: DrawSide, coupleId: string, attempt: number): string =>
  market.chains.has(`${side} ${coupleId}`)
    ? market.linkOf(side, Math.min(attempt, 4), coupleId)
    : hashOf('no chain');

const acts = {
  join: (market, who, a, b) =>
    typed('JoinInstance', market.joinInput(who, indexOf(market, a), b % 3, undefined, 1 + (a % 3))),
  verify: (market, _who, a, b) =>
    typed('VerifyInstances', {
      datasetId: 'ds_test',
      packages: [
        {
          subsetIndex: indexOf(market, a),
          packageDigest: b % 4 === 0 ? hashOf('x') : market.packageDigest(indexOf(market, a)),
        },
      ],
    }),
  expireJoin: (market, _who, a, b) =>
    typed('ExpireJoin', { instanceId: slotOf(market, a, b), generation: 1 + (a % 2) }),
  leave: (market, _who, a, b) =>
    typed('LeaveInstance', { instanceId: slotOf(market, a, b), generation: 1 + (b % 2) }),
  withdraw: (_market, _who, a, b) =>
    a * b === 49 ? typed('WithdrawDataset', { datasetId: 'ds_test' }) : null,
  request: (market, _who, a) =>
    typed('RequestTraining', market.requestInput({ coupleId: coupleOf(a), rounds: 2, spareAttempts: 2 })),
  reject: (_market, _who, a, b) =>
    a * b === 35 ? typed('RejectTraining', { coupleId: coupleOf(a), reason: 'other' }) : null,
  open: (market, _who, a, b) => {
    const coupleId = coupleOf(a);
    const attempt = attemptOf(market, a, b) + (b % 3 === 0 ? 0 : 1);
    const first = !hasRounds(market, coupleId) ? 1 : attempt;
    const model = `model ${coupleId} ${first}`;
    return typed('OpenRound', {
      coupleId,
      attempt: first,
      modelDigest: hashOf(model),
      modelHandle: handle(model),
      link: link(market, 'modelOwner', coupleId, first),
    });
  },
  start: (market, _who, a, b) =>
    typed('StartRound', {
      coupleId: coupleOf(a),
      attempt: attemptOf(market, a, b),
      link: link(market, 'dataOwner', coupleOf(a), attemptOf(market, a, b)),
    }),
  update: (market, who, a, b) =>
    typed(
      'SubmitUpdate',
      market.updateInput(
        who,
        slotOf(market, a, Number(who.at(-1))),
        attemptOf(market, a, b),
        digestOf(market, a, b),
        coupleOf(a),
      ),
    ),
  report: (market, _who, a, b) =>
    typed('ReportUnavailable', {
      coupleId: coupleOf(a),
      attempt: attemptOf(market, a, b),
      instanceId: slotOf(market, a, b),
    }),
  close: (market, _who, a, b) => {
    const claim = b % 7 === 0 ? ('undelivered' as const) : digestOf(market, a, b);
    return typed('CloseRound', {
      coupleId: coupleOf(a),
      attempt: attemptOf(market, a, b),
      results: [{ subsetIndex: indexOf(market, a), claim }],
    });
  },
  reveal: (market, who, a, b) => {
    const instanceId = slotOf(market, a, Number(who.at(-1)));
    return typed('RevealUpdate', {
      coupleId: coupleOf(a),
      attempt: attemptOf(market, a, b),
      instanceId,
      digest: digestOf(market, a, b),
    });
  },
  tally: (market, _who, a, b) =>
    typed('TallyRound', {
      coupleId: coupleOf(a),
      attempt: attemptOf(market, a, b),
      subsetIndexes: [indexOf(market, a)],
    }),
  expireRound: (market, _who, a, b) =>
    typed('ExpireRound', { coupleId: coupleOf(a), attempt: attemptOf(market, a, b) }),
  finish: (_market, _who, a, b) =>
    a * b === 20
      ? typed('FinishTraining', { coupleId: coupleOf(a), finalModelDigest: hashOf('f'), metrics: [] })
      : null,
  cancel: (_market, _who, a) => typed('CancelTraining', { coupleId: coupleOf(a) }),
  release: (_market, _who, a) => typed('ReleaseRounds', { coupleId: coupleOf(a) }),
} satisfies Record<string, Make>;

type Act = keyof typeof acts | Macro;

/** Steps of honest members, which let histories progress. */
type Macro = 'approve' | 'wait' | 'startNext' | 'commitAll' | 'closeAll';
const macros: readonly Macro[] = ['approve', 'wait', 'startNext', 'commitAll', 'closeAll'];

/** The usual callers of each act. They make half of the calls. */
const rightful: Partial<Record<Act, readonly string[]>> = {
  join: ['host0', 'host1', 'host2'],
  update: ['host0', 'host1', 'host2'],
  report: ['host0', 'host1', 'host2'],
  reveal: ['host0', 'host1', 'host2'],
  leave: ['host0', 'host1', 'host2'],
  verify: ['owner'],
  withdraw: ['owner'],
  approve: ['owner'],
  reject: ['owner'],
  start: ['owner'],
  release: ['owner'],
  request: ['modeller'],
  open: ['modeller'],
  close: ['modeller'],
  finish: ['modeller'],
};

const weights: Partial<Record<Act, number>> = {
  update: 8,
  close: 5,
  reveal: 5,
  startNext: 5,
  commitAll: 5,
  closeAll: 3,
  leave: 1,
};
const everyAct: readonly Act[] = [...(Object.keys(acts) as (keyof typeof acts)[]), ...macros];

const act = fc.oneof(
  ...everyAct.map((name) => ({ arbitrary: fc.constant(name), weight: weights[name] ?? 2 })),
);

const detail = fc.noBias(fc.nat(7));

export const anyCall: fc.Arbitrary<AnyCall> = fc
  .record({
    act,
    a: detail,
    b: detail,
    honest: fc.integer({ min: 0, max: 3 }),
    stranger: fc.constantFrom(...callers),
  })
  .map(({ act: name, a, b, honest, stranger }) => {
    const right = rightful[name];
    const who = right === undefined || honest === 0 ? stranger : (right[(a + b) % right.length] ?? stranger);
    return { who, act: name, a, b };
  });

/** The transaction of a call; null for transactions that are made only now and then. */
export function callOf(market: TestMarket, { who, act: name, a, b }: AnyCall): Call | null {
  return isMacro(name) ? null : acts[name](market, who, a, b);
}

const isMacro = (name: Act): name is Macro => (macros as readonly string[]).includes(name);

const waits = [600, 1_000, 5_000, 10_300, 20_300, 31_000, 51_000, 600] as const;

const play: Record<Macro, (market: TestMarket, a: number) => Promise<unknown>> = {
  approve: (market, a) => market.approve(coupleOf(a)),
  wait: (market, a) => market.pass(waits[a] ?? 600),
  startNext: async (market) =>
    market.start(1 + (await market.query('GetCouple', { coupleId: 'tc_test' })).attempts),
  commitAll: async (market) =>
    market.commitAll((await market.query('GetCouple', { coupleId: 'tc_test' })).attempts),
  closeAll: async (market) => {
    const { attempts: attempt } = await market.query('GetCouple', { coupleId: 'tc_test' });
    const { drawn } = await market.query('GetRound', { coupleId: 'tc_test', attempt });
    for (const { subsetIndex } of drawn) await market.close(attempt, subsetIndex);
  },
};

/** Makes a call. Returns false when it skipped the call, and throws the ledger's refusals. */
export async function makeCall(market: TestMarket, call: AnyCall): Promise<boolean> {
  if (isMacro(call.act)) {
    await play[call.act](market, call.a);
    return true;
  }
  const made = callOf(market, call);
  if (made !== null) await market.submit(call.who, made.name, made.input);
  return made !== null;
}
