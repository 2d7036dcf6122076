import { instanceIdOf } from '@veritrain/client-sdk/protocol';
import { describe, expect, it } from 'vitest';
import { planSlots, type SlotPlan } from './slots.js';
import { countJobs, judgeLiar, type JudgedRound, slotRecords, usedSubsets } from './verdicts.js';

const datasetId = 'ds_demo';
type Kind = JudgedRound['settlements'][number]['verdicts'][number]['verdict'];

function roundOf(
  plan: SlotPlan,
  attempt: number,
  subsets: number[],
  verdictOf: (host: number) => Kind,
): JudgedRound {
  const settlements = subsets.map((subsetIndex) => ({
    subsetIndex,
    outcome: 'agreed' as const,
    verdicts: plan.slots
      .filter(({ subset }) => subset === subsetIndex)
      .map(({ slot, host }) => ({
        instanceId: instanceIdOf(datasetId, subsetIndex, slot),
        slot,
        generation: 1,
        participantId: `pt_host${host}`,
        verdict: verdictOf(host),
      })),
  }));
  return { attempt, drawn: [], settlements };
}

const plan = planSlots(3, 3);
const honest = (host: number): Kind => (host === plan.liar ? 'dissented' : 'agreed');

describe('verdicts of a run', () => {
  const rounds = [roundOf(plan, 1, [0, 2], honest), roundOf(plan, 2, [1], honest)];
  const slots = slotRecords(plan, rounds, datasetId);

  it('counts jobs by how they ended', () => {
    expect(countJobs(rounds)).toEqual({ agreed: 6, dissented: 3, absent: 0 });
  });

  it('shows each slot with its host and what was said of it', () => {
    expect(slots).toHaveLength(9);
    expect(slots.filter(({ liar }) => liar).map(({ verdicts }) => verdicts)).toEqual([
      { dissented: 1 },
      { dissented: 1 },
      { dissented: 1 },
    ]);
    expect(slots[0]).toMatchObject({ subset: 0, slot: 0, host: 'host-2', verdicts: { agreed: 1 } });
  });

  it('names the liar, its slots, and in how many rounds it was convicted', () => {
    expect(judgeLiar(slots, rounds, 'pt_liar')).toEqual({
      instances: ['ci_demo_0_2', 'ci_demo_1_1', 'ci_demo_2_0'],
      participant: 'pt_liar',
      verdict: 'dissented',
      rounds: 2,
    });
  });

  it('says so where the liar got away, or was never drawn', () => {
    const lucky = [roundOf(plan, 1, [0], () => 'agreed')];
    expect(judgeLiar(slotRecords(plan, lucky, datasetId), lucky, 'pt_liar')).toMatchObject({
      verdict: 'agreed',
      rounds: 1,
    });
    expect(judgeLiar(slots, [], 'pt_liar')).toMatchObject({ verdict: 'none', rounds: 0 });
  });

  it('has no liar where there is none', () => {
    const small = planSlots(2, 2);
    expect(judgeLiar(slotRecords(small, [], datasetId), [], undefined)).toBeNull();
  });

  it('takes a single replica that delivered for agreed: nobody else was there', () => {
    const alone = planSlots(2, 1);
    expect(countJobs([roundOf(alone, 1, [0], () => 'unjudged')])).toEqual({
      agreed: 1,
      dissented: 0,
      absent: 0,
    });
  });

  it('gives the twin the subsets that were settled, whatever their order', () => {
    const [first] = rounds;
    const settlements = [...(first?.settlements ?? [])].reverse();
    const voided = { subsetIndex: 1, outcome: 'void' as const, verdicts: [] };
    expect(usedSubsets({ attempt: 1, drawn: [], settlements: [...settlements, voided] })).toEqual([0, 2]);
  });
});
