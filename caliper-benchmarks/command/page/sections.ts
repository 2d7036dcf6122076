import type { ChapterName } from '../chapters/chapter.js';
import { rounded, type Run } from '../summary.js';
import type { Point } from './chart.js';
import { runTable, table } from './markdown.js';
import { oamTables } from './oamTables.js';
import type { SectionOf } from './section.js';

const comparison: SectionOf = ({ runs, oam, postgres }) => ({
  title: 'Comparison',
  text: [
    'The runs behind the ratios above. They alternate on one machine, after a warm-up of each network that no ratio includes.',
    'Conflicts of our flows are about the clock: of two members’ ticks in one block, one fails.',
    'Conflicts of OAM’s rounds are about the couple’s record (`tc`), whose counters all of its hosts write.',
    ...(postgres === undefined
      ? []
      : [`The last comparison stores the records of a round of the mix in ${postgres}.`]),
  ].join(' '),
  charts: [],
  tables: [runTable(runs), ...(oam === undefined ? [] : oamTables(oam))],
});

const costs: SectionOf = ({ runs }) => {
  const kinds = [...new Set(runs.flatMap(({ cpuMs = {} }) => Object.keys(cpuMs)))];
  return {
    title: 'Costs',
    text: 'Milliseconds of processor time for each committed transaction, summed over all processes of a kind. Two of three organisations endorse, and on Fabric all three validate. Caliper’s column is the stock client’s, including the start of its workers.',
    charts: [],
    tables: [
      table(
        ['network', 'workload', ...kinds, 'all', 'bytes in blocks', 'bytes of records'],
        runs.map(({ network, workload, cpuMs = {}, blockBytes = '', stateBytes = '' }) => [
          network,
          workload,
          ...kinds.map((kind) => cpuMs[kind] ?? ''),
          rounded(Object.values(cpuMs).reduce((sum, ms) => sum + ms, 0)),
          blockBytes,
          stateBytes,
        ]),
      ),
    ],
  };
};

const transactions: SectionOf = ({ runs }) => ({
  title: 'Each transaction alone',
  text: [
    'The counterpart of OAM’s figure 9: rate and latency by transaction, with the number in flight from the table.',
    'Each run is a burst of a few seconds, so a difference of less than a third is not significant.',
    'The rate follows the records that a transaction reads and writes: VerifyInstances and TallyRound, which judge every slot of a subset, are the slowest; RegisterParticipant, the first round of a network, includes the network’s warm-up.',
    'A Tick is special: there is one in each period, here half a second.',
  ].join(' '),
  charts: [
    {
      name: 'transactions-rate',
      title: 'Committed transactions a second, by transaction',
      points: runs.map((run) => ({ x: run.workload, y: run.tps, series: run.network })),
      x: 'transaction',
      y: 'per second',
      mark: 'bar',
    },
    {
      name: 'transactions-latency',
      title: 'Median latency, by transaction',
      points: points(runs, ({ workload }) => workload, 'p50Ms', byNetwork),
      x: 'transaction',
      y: 'milliseconds',
      mark: 'bar',
    },
  ],
  tables: [runTable(runs)],
});

const load: SectionOf = ({ runs }) => {
  const inFlight = runs.filter(({ clients }) => clients !== null);
  const atRates = runs.filter(({ clients }) => clients === null);
  return {
    title: 'Load',
    text: [
      'The protocol mix with growing numbers in flight, and at growing send rates: the counterparts of OAM’s figures 7 and 8.',
      'The rate rises until the cores are fully busy, and then stays level; only latency grows, in proportion to the waiting transactions.',
      'Every conflict is with a tick of the clock. Each tick makes about as many conflicts as there are transactions in flight when it commits.',
      'With hundreds in flight on Fabric the organisations’ peers drift further apart, so more attempts get too few equal endorsements. They fail without a conflict and are sent again.',
      'Beyond saturation a fixed rate keeps the mix slightly below its best: with 50 couples there is not always a step to send.',
    ].join(' '),
    charts: [
      {
        name: 'load-rate',
        title: 'Committed transactions a second, by transactions in flight',
        points: points(inFlight, ({ clients }) => clients ?? 0, 'tps', byNetwork),
        x: 'in flight',
        y: 'per second',
        scale: 'log',
      },
      {
        name: 'load-latency',
        title: 'Latency, by committed transactions a second',
        points: [
          ...points(
            inFlight,
            ({ tps }) => tps,
            'p50Ms',
            ({ network }) => `${network}, median`,
          ),
          ...points(
            inFlight,
            ({ tps }) => tps,
            'p99Ms',
            ({ network }) => `${network}, 99th percentile`,
          ),
        ],
        x: 'per second',
        y: 'milliseconds',
      },
      {
        name: 'send-rate',
        title: 'Committed transactions a second, by send rate',
        points: points(atRates, sendRate, 'tps', byBoth),
        x: 'sent a second',
        y: 'committed a second',
      },
      {
        name: 'send-rate-latency',
        title: 'Median latency, by send rate',
        points: points(atRates, sendRate, 'p50Ms', byBoth),
        x: 'sent a second',
        y: 'milliseconds',
      },
    ],
    tables: [runTable(inFlight), runTable(atRates, { sendRate: 'sent a second' })],
  };
};

const peers: SectionOf = ({ runs }) => ({
  title: 'Peers',
  text: [
    'The counterpart of OAM’s figures 5 and 6: each organisation has one peer, and a majority of them endorses.',
    'All of them share this machine’s cores. A transaction is endorsed n/2 + 1 times and validated n times, each time with n/2 + 1 signatures to check, which lowers the rate.',
    'With one in flight nothing waits for a core, and the latency hardly grows: peers on separate machines would add only that much.',
  ].join(' '),
  charts: rateAndLatency('peers', runs, 'organizations', 'peers'),
  tables: [runTable(runs, { organizations: 'peers' })],
});

const distance: SectionOf = ({ runs }) => ({
  title: 'Distance',
  text: [
    'OAM’s second data centre: two of four organisations are a round trip away from the orderer, the clients and the other two.',
    'With one in flight, a transaction takes one more round trip: three of four must endorse, so one of them is far away.',
    'The rate falls less, since other transactions proceed meanwhile. The slowest tenth takes many round trips; we have not investigated the reason yet.',
  ].join(' '),
  charts: rateAndLatency('distance', runs, 'delayMs', 'round trip, ms'),
  tables: [runTable(runs, { delayMs: 'round trip, ms' })],
});

const growth: SectionOf = ({ runs }) => {
  const by = (name: string, rounds: number): Run[] => {
    // A curve has runs that differ in nothing else from the couple that the others are compared with.
    const usual: Readonly<Record<string, number>> = { subsets: 3, replicas: 3, rounds };
    return runs.filter(
      ({ parameters }) =>
        parameters[name] !== undefined &&
        Object.entries(usual).every(([other, value]) => other === name || parameters[other] === value),
    );
  };
  const curves = [
    {
      name: 'couples',
      runs: by('couples', 10).filter(({ clients }) => clients === 400),
      x: 'simultaneous couples',
    },
    { name: 'members', runs: by('members', 3), x: 'members' },
    ...['subsets', 'replicas', 'rounds'].map((name) => ({
      name,
      runs: by(name, 3).filter(({ parameters }) => parameters.couples === 10),
      x: name,
    })),
  ];
  const long = runs.filter(({ parameters }) => (parameters.rounds ?? 0) >= 1_000);
  return {
    title: 'Growth',
    text: [
      'The protocol mix with one growing quantity at a time: simultaneous couples, the hosts of one hot couple, subsets, replicas, rounds, members, and one couple of 1,000 rounds.',
      'Bytes per transaction stay around 10 kB in all curves: nearly all of them are signatures and certificates.',
      'Every conflict is with a tick of the clock: couples share no other key.',
      'Only the left end of the rate differs. One couple has a chain of steps that wait for each other (open, start, commit, close), so a single couple keeps the network busy for a fraction of the time, which grows with the hosts of a round. From 30 couples on the cores are the limit, and only latency grows.',
      'A couple’s latency is the same in its first and its last tenth of 1,000 rounds, and a thousand members cost as much as ten.',
      'Two of Fabric’s points, 10 and 30 rounds, lie a quarter below their neighbours, with the same bytes and conflicts; 100 rounds are back at the usual level, so the machine was the cause.',
    ].join(' '),
    charts: [
      ...curves.flatMap((curve) => {
        const at = ({ parameters }: Run): number => parameters[curve.name] ?? 0;
        const common = { x: curve.x, scale: 'log' } as const;
        return [
          {
            ...common,
            name: `growth-${curve.name}`,
            title: `Committed transactions a second, by ${curve.x}`,
            points: points(curve.runs, at, 'tps', byNetwork),
            y: 'per second',
          },
          {
            ...common,
            name: `growth-${curve.name}-bytes`,
            title: `Bytes in blocks for each transaction, by ${curve.x}`,
            points: points(curve.runs, at, 'blockBytes', byNetwork),
            y: 'bytes',
          },
        ];
      }),
      {
        name: 'growth-long',
        title: 'Median latency of one couple of 1,000 rounds, by tenth of its transactions',
        points: long.flatMap(({ network, tenthsMs = [] }) =>
          tenthsMs.map((ms, tenth) => ({ x: tenth + 1, y: ms, series: network })),
        ),
        x: 'tenth',
        y: 'milliseconds',
      },
    ],
    tables: [
      runTable(runs, {
        couples: 'couples',
        members: 'members',
        subsets: 'subsets',
        replicas: 'replicas',
        rounds: 'rounds',
      }),
    ],
  };
};

const height: SectionOf = ({ runs }) => {
  let before = 0;
  const measured = runs.map((run) => {
    const at = before;
    before += run.transactions + run.failed;
    return { ...run, parameters: { ...run.parameters, height: at } };
  });
  const shown = measured.filter(({ workload }) => workload !== 'fill');
  return {
    title: 'Height',
    text: 'One growing ledger. The no-op and the mix are measured again at several heights. Neither becomes slower as the ledger grows, since a transaction reads only its own couple’s records, by their keys.',
    charts: rateAndLatency('height', shown, 'height', 'transactions on the ledger'),
    tables: [runTable(shown, { height: 'transactions before' })],
  };
};

/** The sections by chapter, for the chapters on the page. */
export const sections: Partial<Record<ChapterName, SectionOf>> = {
  comparison,
  costs,
  transactions,
  load,
  peers,
  distance,
  growth,
  height,
};

type Name = (run: Run) => string;
const byNetwork: Name = ({ network }) => network;
const byBoth: Name = ({ network, workload }) => `${network}, ${workload}`;
const sendRate = ({ parameters }: Run): number => parameters.sendRate ?? 0;

/** Points of the runs that have the figure. */
function points(
  runs: readonly Run[],
  x: (run: Run) => number | string,
  figure: 'tps' | 'p50Ms' | 'p99Ms' | 'blockBytes',
  series: Name,
): Point[] {
  return runs.flatMap((run) => {
    const y = run[figure];
    return y === null || y === undefined ? [] : [{ x: x(run), y, series: series(run) }];
  });
}

function rateAndLatency(name: string, runs: readonly Run[], parameter: string, x: string) {
  const at = ({ parameters }: Run): number => parameters[parameter] ?? 0;
  return [
    {
      name: `${name}-rate`,
      title: `Committed transactions a second, by ${x}`,
      points: points(runs, at, 'tps', ({ workload }) => workload),
      x,
      y: 'per second',
    },
    {
      name: `${name}-latency`,
      title: `Median latency, by ${x}`,
      points: points(runs, at, 'p50Ms', ({ workload }) => workload),
      x,
      y: 'milliseconds',
    },
  ];
}
