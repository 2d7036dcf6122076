import { ratioNames, type RatioName } from '../ratios.js';
import { table } from './markdown.js';

interface Reach {
  readonly what: string;
  /** The goal of the ratio, and the reason for missing it; undefined for a ratio without a goal. */
  readonly reach?: { readonly is: 'at least' | 'at most'; readonly value: number; readonly why: string };
}

const reaches: Readonly<Record<RatioName, Reach>> = {
  mixOverNoop: {
    what: 'the rate of the protocol mix, by that of a no-op transaction',
    reach: {
      is: 'at least',
      value: 0.85,
      why: 'A transaction of the mix takes about twice the processor time of a no-op (Costs): it reads and writes records, each a message between peer and contract and a version to validate. Two cores are fully busy. Some transactions conflict with a tick of the clock and are sent again.',
    },
  },
  modelsPerSecondOverOam: {
    what: 'models a second, by those of OAM’s own flow',
    reach: {
      is: 'at least',
      value: 2,
      why: 'Our smallest couple has 13 transactions against OAM’s 15, and OAM’s flow has no conflicts with one host. But its functions check no signature, commitment or deadline, and each costs about as much as a no-op. With several hosts its counter makes more attempts fail than succeed.',
    },
  },
  clientCpuOverStock: {
    what: 'CPU of a transaction in the SDK, by that in the stock gateway client',
    reach: { is: 'at most', value: 0.5, why: 'A busy machine slows the shorter work more.' },
  },
  embeddedOverFabric: {
    what: 'rate on the embedded ledger, by that on Fabric',
    reach: {
      is: 'at least',
      value: 2.5,
      why: 'Caliper’s client runs on the same cores and costs about the same on both networks (Costs), so the rates differ less.',
    },
  },
  latencyFabricOverEmbedded: {
    what: 'latency with one in flight on Fabric, by that on the embedded ledger',
    reach: {
      is: 'at least',
      value: 10,
      why: 'Fabric waits 50 ms for a block to fill. On the embedded ledger most of the latency is Caliper’s client, which signs three times in JavaScript.',
    },
  },
  mixOverPostgres: {
    what: 'the rate of the protocol mix, by that of the same records in PostgreSQL',
  },
};

/** The ratios beside their goals. */
export function reachTable(ratios: Partial<Record<RatioName, number | null>> = {}): string {
  const rows = ratioNames.map((name) => {
    const { what, reach } = reaches[name];
    const value = ratios[name] ?? undefined;
    return [
      `\`${name}\``,
      what,
      reach === undefined ? '' : `${reach.is} ${reach.value}`,
      value ?? 'not measured',
      isMissed(value, reach) ? reach.why : '',
    ];
  });
  return table(['ratio', 'definition', 'reach', 'measured', 'reason if missed'], rows);
}

const isMissed = (value: number | undefined, reach: Reach['reach']): reach is NonNullable<Reach['reach']> =>
  value !== undefined &&
  reach !== undefined &&
  (reach.is === 'at least' ? value < reach.value : value > reach.value);
