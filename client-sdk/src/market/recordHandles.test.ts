import {
  type RecordKind,
  recordFields,
  recordVerbs,
  type TransactionName,
  transactions,
} from '@veritrain/chaincode/domain';
import { describe, expect, it } from 'vitest';
import { type RecordingMarket, recordingMarket } from '../testing/recordingMarket.js';
import type { Market } from './market.js';

const instanceId = 'ci_diabetes_4_1';
const ids = {
  datasetId: 'ds_diabetes',
  instanceId,
  coupleId: 'tc_ridge1',
  attempt: 3,
  jobId: 'tj_ridge1_3_4_1',
};

const handleOf: Readonly<Record<RecordKind, (market: Market) => object>> = {
  dataset: (market) => market.dataset(ids.datasetId),
  instance: (market) => market.dataset(ids.datasetId).instance(4, 1),
  couple: (market) => market.couple(ids.coupleId),
  round: (market) => market.couple(ids.coupleId).round(ids.attempt),
  job: (market) => market.round(ids.coupleId, ids.attempt).job(instanceId),
};

const kinds = Object.keys(recordFields) as RecordKind[];
const verbs = kinds.flatMap((kind) =>
  Object.entries(recordVerbs(kind)).map(([verb, name]) => ({ kind, verb, name })),
);

/** A transaction's example, split into what the handle fills in and the rest. */
function exampleOf(kind: RecordKind, name: TransactionName): { named: object; rest: object } {
  const given: readonly string[] = recordFields[kind].flat();
  const fields = Object.keys(transactions[name].input.shape).filter((field) => given.includes(field));
  const isNamed = ([field]: [string, unknown]): boolean => fields.includes(field);
  return {
    named: Object.fromEntries(Object.entries(ids).filter(isNamed)),
    rest: Object.fromEntries(Object.entries(transactions[name].example).filter((entry) => !isNamed(entry))),
  };
}

const sent = ({ calls }: RecordingMarket): [string, unknown][] =>
  calls.map(({ call }) => [call.name, JSON.parse(call.argument)]);

describe('the handle of a record', () => {
  it.each(verbs)(
    '$kind: $verb calls $name, and fills in what names the record',
    async ({ kind, verb, name }) => {
      const recording = recordingMarket();
      const { named, rest } = exampleOf(kind, name);
      const method = Reflect.get(handleOf[kind](recording.market), verb) as (
        ...given: object[]
      ) => Promise<void>;
      await method(...(Object.keys(rest).length === 0 ? [] : [rest])).catch(() => undefined);
      const { contract, kind: how } = transactions[name];
      expect(sent(recording)).toEqual([[`${contract}:${name}`, { ...rest, ...named }]]);
      expect(recording.calls[0]?.how).toBe(how);
    },
  );

  it('is written as what makes it again, and asks the ledger nothing', () => {
    const { market, calls } = recordingMarket();
    const written = kinds.map((kind) => JSON.stringify(handleOf[kind](market)));
    expect(written).toEqual([
      '"ds_diabetes"',
      '"ci_diabetes_4_1"',
      '"tc_ridge1"',
      '{"coupleId":"tc_ridge1","attempt":3}',
      '"tj_ridge1_3_4_1"',
    ]);
    expect(calls).toEqual([]);
  });

  it('takes the options alone where nothing is left to say', async () => {
    const { market, calls } = recordingMarket();
    const signal = AbortSignal.abort();
    await market
      .couple(ids.coupleId)
      .cancel({ signal })
      .catch(() => undefined);
    await market
      .job(ids.jobId)
      .get({ signal })
      .catch(() => undefined);
    expect(calls.map(({ call }) => JSON.parse(call.argument) as unknown)).toEqual([
      { coupleId: ids.coupleId },
      { jobId: ids.jobId },
    ]);
  });

  it('is of its record alone, whatever a caller without types passes', async () => {
    const recording = recordingMarket();
    const other = { reason: 'capacity', coupleId: 'tc_other' } as const;
    await recording.market
      .couple(ids.coupleId)
      .reject(other)
      .catch(() => undefined);
    expect(sent(recording)).toEqual([
      ['CoupleContract:RejectTraining', { coupleId: ids.coupleId, reason: 'capacity' }],
    ]);
  });

  it.each<[what: string, make: (market: Market) => unknown]>([
    ['a dataset', (market) => market.dataset('tc_ridge1')],
    ['a slot', (market) => market.instance('ds_diabetes')],
    ['a slot that no dataset has', (market) => market.dataset('ds_diabetes').instance(-1, 0)],
    ['a couple', (market) => market.couple('couple 1')],
    ['an attempt', (market) => market.couple('tc_ridge1').round(0)],
    ['a round of no couple', (market) => market.round('', 1)],
    ['a job', (market) => market.job('tc_ridge1')],
    ['a job of no slot', (market) => market.round('tc_ridge1', 1).job('tc_ridge1')],
  ])('is refused for what is no id of %s', (_, make) => {
    const { market } = recordingMarket();
    expect(() => make(market)).toThrow(expect.objectContaining({ title: 'INPUT_INVALID' }) as Error);
  });
});
