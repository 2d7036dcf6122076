import { type DemoEvent, type LedgerFacts, type Tell, whyNoLiar, type Work } from '@veritrain/demo';
import { figure, plural } from '@veritrain/member/text';
import { fewRows, rareRows } from '@veritrain/training';
import { noteText } from '../recipeOptions.js';
import { readingText } from '../tableOptions.js';
import { wrap } from '../text.js';
import { type Progress, showsRound } from './progress.js';

interface Teller {
  readonly progress: Progress;
  readonly rounds: number;
}

type Words = {
  readonly [K in DemoEvent['kind']]: (event: Extract<DemoEvent, { kind: K }>, teller: Teller) => void;
};

const maxRoundLines = 12;
const maxNotes = 7;

const works: Readonly<Record<Work, string>> = {
  startLedger: 'starting the ledger',
  enrolMembers: 'enrolling the members',
  grantPlaces: 'granting every member a place in the vault',
  splitTable: 'splitting the table',
  trainTwin: 'training the plain twin',
};

const words: Words = {
  tableRead: ({ source, rows, heldOutRows, features, target, reading, notes }, { progress }) => {
    const all = plural(rows + heldOutRows, 'row');
    progress.say(`${source}: ${all}, ${plural(features, 'feature')}, to predict ${target}`);
    if (heldOutRows > 0)
      progress.say(`${plural(heldOutRows, 'row')} set aside to test the model: no host gets them`);
    say(progress, `read as ${readingText(reading)}`);
    for (const note of notes.slice(0, maxNotes)) say(progress, noteText(note));
    const more = notes.length - maxNotes;
    if (more > 0) say(progress, `and ${plural(more, 'more column')} filled, merged or worth a look`);
  },
  planned: ({ subsets, replicas, rounds, hasLiar }, { progress }) => {
    const [ofReplicas, ofRounds] = [plural(replicas, 'replica'), plural(rounds, 'round')];
    progress.say(`${subsets} subsets × ${ofReplicas}, ${ofRounds}, encrypted`);
    if (!hasLiar) say(progress, `Nobody was told to lie: ${whyNoLiar(replicas)}.`);
  },
  working: ({ work }, { progress, rounds }) => {
    const done = work === 'trainTwin' ? rounds : 0;
    progress.status(done, rounds, works[work]);
  },
  serviceStarting: (event, { progress }) => progress.status(0, 1, event.words),
  ledgerStarted: ({ ledger }, { progress }) => progress.line('ledger', ledgerText(ledger)),
  vaultStarted: ({ vault }, { progress }) =>
    progress.line('vault', `MinIO, bucket ${vault.bucket}, ${vault.endpoint}`),
  membersStarted: ({ hosts, liar }, { progress }) => {
    progress.line('members', `a data owner, a model owner and ${plural(hosts, 'host')}, a process each`);
    if (liar !== undefined) progress.line('fault', `${liar} is told to lie (agent run --fault wrong-update)`);
  },
  tableSplit: ({ report }, { progress }) => {
    const { subsetRows, rule, column, leastCells, shown } = report;
    const [least, most] = [Math.min(...subsetRows), Math.max(...subsetRows)];
    const size = least === most ? `${least}` : `${least} to ${most}`;
    const by = rule === 'target' ? 'the target' : column;
    const how = rule === 'random' ? 'at random; hosts get moments with noise' : `by ${by}`;
    progress.line('split', `${plural(subsetRows.length, 'subset')} of ${size} rows, ${how}`);
    const rare = rareRows(leastCells, 1);
    if (rare !== undefined) say(progress, rare);
    const few = shown && fewRows(shown);
    if (few !== undefined) say(progress, few);
  },
  slotJoined: ({ joined, slots }, { progress }) =>
    progress.status(joined, slots, `${joined} of ${slots} slots joined`),
  slotsVerified: ({ slots }, { progress }) =>
    progress.line('slots', `${slots} joined and verified: sister replicas hold equal bytes`),
  trainingApproved: ({ coupleId, subsetsPerRound }, { progress }) =>
    progress.line('couple', `${coupleId}, drawing ${plural(subsetsPerRound, 'subset')} a round`),
  roundProgress: ({ attempt, before, subsets, committed, jobs }, { progress, rounds }) => {
    const done = before + committed / Math.max(1, jobs);
    const facts = `subsets ${listed(subsets)}; ${committed} of ${jobs} committed`;
    progress.status(done, rounds, `round ${attempt} of ${rounds}: ${facts}`);
  },
  roundExpired: ({ attempt }, { progress }) =>
    progress.line('round', `attempt ${attempt} was not started in time`),
  subsetLost: ({ attempt, subset, outcome }, { progress, rounds }) =>
    progress.line('round', `${attempt} of ${rounds}: subset ${subset + 1} is lost (${outcome})`),
  liarCaught: ({ host, subset }, { progress }) =>
    progress.line('caught', `${host}: its update of subset ${subset + 1} differs from its sisters’`),
  roundApplied: ({ attempt, subsets, agreed, jobs, error }, { progress, rounds }) => {
    const loss = error === undefined ? '' : `; error ${figure(error)}`;
    const ofJobs = `${agreed} of ${plural(jobs, 'job')} agreed`;
    const facts = `${attempt} of ${rounds}: subsets ${listed(subsets)}; ${ofJobs}${loss}`;
    if (showsRound(attempt, rounds, maxRoundLines)) progress.line('round', facts);
    progress.status(attempt, rounds, `round ${facts}`);
  },
  restarted: (event, { progress }) =>
    progress.line('restart', `${event.process} died (${event.how}) and is started again`),
  reportWritten: ({ path, bytes }, { progress }) =>
    progress.line('report', `${path} (${figure(bytes / 1000, 3)} kB)`),
  kept: ({ folder }, { progress }) => progress.say(`Profiles, logs and the ledger are in ${folder}`),
};

/** Prints a demo's events as they happen. */
export const storyLines =
  (progress: Progress, rounds: number): Tell =>
  (event) =>
    (words[event.kind] as (event: DemoEvent, teller: Teller) => void)(event, { progress, rounds });

function say(progress: Progress, sentence: string): void {
  for (const line of wrap(sentence)) progress.say(line);
}

function ledgerText({ kind, version, organizations, gateway }: LedgerFacts): string {
  if (kind === 'fabric')
    return `Fabric ${version ?? ''} and Fabric CA, majority of ${organizations}, ${gateway}`;
  return `embedded, ${organizations} organisations, majority endorses, ${gateway}`;
}

const maxListed = 6;

function listed(subsets: readonly number[]): string {
  const names = subsets.map((subset) => subset + 1);
  return names.slice(0, maxListed).join(', ') + (names.length > maxListed ? ', …' : '');
}
