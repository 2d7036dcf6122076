import type { Dataset, TrainCouple } from '@veritrain/client-sdk';
import { digestOf } from '@veritrain/client-sdk/vault';
import { splitDataset } from '@veritrain/member/datasets';
import { writeAtomically } from '@veritrain/member/home';
import { architectureOf } from '@veritrain/member/models';
import { defineProgram, encodeProgram, type MapDocument } from '@veritrain/training';
import { expect, it } from 'vitest';
import { testFolder } from '../../../../test/support/folder.js';
import { couple } from '../../../../test/support/sampleRound.js';
import { reconcileWith } from '../../testing/reconcile.js';
import { roleContext } from '../../testing/roleContext.js';
import { answerRequest, objectionTo } from './requestAnswer.js';

const folder = testFolder('requests');

const { terms } = couple;
const dataset: Dataset = {
  datasetId: couple.datasetId,
  templateDigest: terms.programDigest,
  subsets: terms.subsets,
  replicas: terms.replicas,
  lifetimeRounds: 100,
  aggregation: 'perSubset',
  requestRules: {
    mostRounds: terms.rounds,
    mostSubsetsPerRound: terms.subsetsPerRound,
    mostIdleMs: terms.idleMs,
    protections: [terms.protection],
  },
  deadlines: terms.deadlines,
  ownerId: couple.dataOwnerId,
  state: 'offered',
  transactionId: 't',
};
const asked = (over: Partial<TrainCouple['terms']>): TrainCouple => ({
  ...couple,
  terms: { ...terms, ...over },
});

it('attack 43: an owner’s agent approves by itself only what keeps to the rules that the owner offered', () => {
  expect(objectionTo(couple, dataset)).toBeUndefined();
  expect(objectionTo(asked({ idleMs: terms.idleMs + 1 }), dataset)).toBe('idleMs');
  expect(objectionTo(asked({ rounds: terms.rounds + 1 }), dataset)).toBe('rounds');
  expect(objectionTo(asked({ subsetsPerRound: 2 }), dataset)).toBe('subsetsPerRound');
  expect(objectionTo(asked({ protection: 'encrypted' }), dataset)).toBe('protection');
  expect(objectionTo(asked({ replicas: 5 }), dataset)).toBe('size');
  expect(objectionTo(asked({ aggregation: 'sum' }), dataset)).toBe('aggregation');
  for (const name of Object.keys(terms.deadlines) as (keyof typeof terms.deadlines)[]) {
    const deadlines = { ...terms.deadlines, [name]: terms.deadlines[name] + 1 };
    expect(objectionTo(asked({ deadlines }), dataset)).toBe(name);
  }
});

it('counts the whole batches that a round of sums may draw', () => {
  const size = { subsets: 8, aggregation: 'sum' as const };
  const sums = (mostSubsetsPerRound: number): Dataset => ({
    ...dataset,
    ...size,
    requestRules: { ...dataset.requestRules, mostSubsetsPerRound },
  });
  // Three and then five subsets.
  expect(objectionTo(asked({ ...size, subsetsPerRound: 4 }), sums(7))).toBe('subsetsPerRound');
  expect(objectionTo(asked({ ...size, subsetsPerRound: 4 }), sums(8))).toBeUndefined();
});

/** An owner's answer to a request for a logistic model of people of whom some have both of two flags. */
async function answerTo(degree: 1 | 2, withBoth: number, leastCell?: number, featureMap?: MapDocument) {
  const choices = featureMap === undefined ? {} : { featureMap };
  const program = defineProgram({ family: 'logistic', degree, protection: terms.protection, ...choices });
  const programDigest = digestOf(encodeProgram(program));
  const request = { ...asked({ programDigest }), state: 'requested' as const };
  const sent: [string, unknown][] = [];
  const model = { architectureDigest: digestOf(architectureOf(program)) };
  const role = roleContext({
    folder: folder(),
    ledger: {
      couples: { get: () => Promise.resolve(request) },
      datasets: { get: () => Promise.resolve(dataset) },
      evaluate: (name: string) => Promise.resolve(name === 'GetModel' ? model : request),
      submit: (name: string, { reason }: { reason?: string }) => {
        sent.push([name, reason]);
        return Promise.resolve({ result: request, transactionId: 't', blockNumber: 1n });
      },
    },
  });
  writeAtomically(role.member.home.documentPath(programDigest), encodeProgram(program));
  const rows = Array.from({ length: 600 }, (_, row) => {
    const hasBoth = row % 7 === 1 && row < 7 * withBoth;
    return [hasBoth || row % 3 === 0, hasBoth || row % 3 === 1, row % 5 < 2].map(Number).join();
  });
  const csv = `asthma,diabetes,ill\n${rows.join('\n')}`;
  const split = { csv, source: 'people.csv', target: 'ill', subsets: 2, datasetId: couple.datasetId };
  await splitDataset(role.member, { ...split, leastCell }, {});
  expect(await answerRequest(reconcileWith(role))).toBe(true);
  return { sent, lines: role.lines };
}

it('attack 52: an owner’s agent rejects a program that shows rows which two columns single out', async () => {
  const { sent, lines } = await answerTo(2, 3);
  expect(sent).toEqual([['RejectTraining', 'rareRows']]);
  expect(lines).toContainEqual(
    expect.objectContaining({
      code: 'VT7507',
      message: expect.stringContaining('"asthma" and "diabetes"') as string,
    }),
  );
});

it('an owner’s agent rejects a program that makes features of several columns, however many rows share each pair', async () => {
  const { sent, lines } = await answerTo(1, 80, undefined, { kind: 'polynomial', degree: 2 });
  expect(sent).toEqual([['RejectTraining', 'rareRows']]);
  expect(lines).toContainEqual(expect.objectContaining({ code: 'VT7507' }));
});

it('an owner’s agent approves a program that makes features of several columns where the owner accepted such rows', async () => {
  const { sent } = await answerTo(1, 3, 1, { kind: 'polynomial', degree: 2 });
  expect(sent).toEqual([['ApproveTraining', undefined]]);
});

it.each([
  ['that shows second moments alone', 1, 3, undefined],
  ['of a dataset whose owner accepted such rows', 2, 3, 1],
  ['of a dataset in which enough rows share each pair of values', 2, 80, undefined],
] as const)('an owner’s agent approves a program %s', async (_, degree, withBoth, leastCell) => {
  const { sent } = await answerTo(degree, withBoth, leastCell);
  expect(sent).toEqual([['ApproveTraining', undefined]]);
});
