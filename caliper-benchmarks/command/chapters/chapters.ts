import { usualOrganizations, type Site } from '../networks.js';
import type { Chapter, ChapterName } from './chapter.js';

const embedded: Site = { kind: 'embedded', organizations: usualOrganizations, delayMs: 0 };
const fabric: Site = { kind: 'fabric', organizations: usualOrganizations, delayMs: 0 };
const both = [embedded, fabric];

const peers = [2, 4, 6, 8];
const delaysMs = [0, 50, 150, 300];

const list: readonly Chapter[] = [
  {
    name: 'quick',
    about: 'everything for a few seconds, as a smoke test',
    minutes: 3,
    stages: [{ sites: both, benchmarks: ['quick', 'quick-alone'], postgres: true }],
  },
  {
    name: 'comparison',
    about: 'every ratio: no-op, OAM’s flow, PostgreSQL, both networks, both clients',
    minutes: 20,
    stages: [{ sites: both, benchmarks: ['compare', 'alone'], oam: 'models', postgres: true }],
  },
  {
    name: 'costs',
    about: 'processor time of a transaction, by process',
    minutes: 6,
    stages: [{ sites: both, benchmarks: ['cost-noop', 'cost-mix'] }],
  },
  {
    name: 'transactions',
    about: 'each transaction type alone',
    minutes: 15,
    stages: [{ sites: both, benchmarks: ['transactions'] }],
  },
  {
    name: 'load',
    about: 'ladders of transactions in flight, and of send rates',
    minutes: 25,
    stages: [{ sites: both, benchmarks: ['load', 'rates'] }],
  },
  {
    name: 'peers',
    about: `${peers.join(', ')} organisations with a peer each`,
    minutes: 10,
    stages: [
      {
        sites: peers.map((organizations) => ({ ...fabric, organizations })),
        benchmarks: ['alone', 'saturated'],
      },
    ],
  },
  {
    name: 'distance',
    about: `every second organisation ${delaysMs.slice(1).join(', ')} ms away`,
    minutes: 10,
    stages: [
      {
        sites: delaysMs.map((delayMs) => ({ ...fabric, organizations: 4, delayMs })),
        benchmarks: ['alone', 'saturated'],
      },
    ],
  },
  {
    name: 'growth',
    about: 'simultaneous couples, subsets, replicas, rounds, members',
    minutes: 30,
    stages: [
      { sites: both, benchmarks: ['couples', 'hot', 'shapes', 'long'] },
      { sites: both, benchmarks: ['members'] },
    ],
  },
  {
    name: 'height',
    about: 'a ledger of up to 100,000 transactions',
    minutes: 15,
    stages: [{ sites: [embedded], benchmarks: ['height'] }],
  },
];

/** All chapters, in the order in which they run and appear on the page. */
export const chapters: ReadonlyMap<ChapterName, Chapter> = new Map(
  list.map((chapter) => [chapter.name, chapter]),
);
