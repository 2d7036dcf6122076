import type { RoundView, SlotVerdict } from '@veritrain/client-sdk';
import { instanceIdOf } from '@veritrain/client-sdk/protocol';
import type { DemoResult, SlotRecord } from './result.js';
import { hostName, type SlotPlan } from './slots.js';

/** The part of a round's record that verdicts need. */
export type JudgedRound = Pick<RoundView, 'attempt' | 'drawn'> & {
  settlements: readonly Pick<RoundView['settlements'][number], 'subsetIndex' | 'outcome' | 'verdicts'>[];
};

const verdictsOf = (round: JudgedRound): SlotVerdict[] =>
  round.settlements.flatMap(({ verdicts }) => verdicts);

/**
 * Jobs by how they ended. An unjudged host, the only replica of its subset, counts as agreed: its commitment opened with
 * the digest that its subset was settled on.
 */
export function countJobs(rounds: readonly JudgedRound[]): DemoResult['jobs'] {
  const jobs = { agreed: 0, dissented: 0, absent: 0 };
  for (const { verdict } of rounds.flatMap(verdictsOf)) {
    if (verdict === 'agreed' || verdict === 'unjudged') jobs.agreed += 1;
    if (verdict === 'dissented') jobs.dissented += 1;
    if (verdict === 'absent') jobs.absent += 1;
  }
  return jobs;
}

/** Every slot of the market with the verdicts that fell on it. */
export function slotRecords(plan: SlotPlan, rounds: readonly JudgedRound[], datasetId: string): SlotRecord[] {
  const bySlot = new Map<string, SlotRecord['verdicts']>();
  for (const { instanceId, verdict } of rounds.flatMap(verdictsOf)) {
    const counts = bySlot.get(instanceId) ?? {};
    counts[verdict] = (counts[verdict] ?? 0) + 1;
    bySlot.set(instanceId, counts);
  }
  return plan.slots.map(({ subset, slot, host }) => {
    const instance = instanceIdOf(datasetId, subset, slot);
    return {
      subset,
      slot,
      instance,
      host: hostName(host),
      liar: host === plan.liar,
      verdicts: bySlot.get(instance) ?? {},
    };
  });
}

/** The contract's verdict on the host that was told to lie; null where there is none. */
export function judgeLiar(
  slots: readonly SlotRecord[],
  rounds: readonly JudgedRound[],
  participant: string | undefined,
): DemoResult['liar'] {
  const held = slots.filter(({ liar }) => liar);
  if (participant === undefined || held.length === 0) return null;
  const instances = new Set(held.map(({ instance }) => instance));
  const saidOf = (round: JudgedRound): string[] =>
    verdictsOf(round).flatMap(({ instanceId, verdict }) => (instances.has(instanceId) ? [verdict] : []));
  const all = rounds.map(saidOf);
  const verdict =
    (['dissented', 'absent', 'agreed'] as const).find((kind) => all.flat().includes(kind)) ?? 'none';
  return {
    instances: held.map(({ instance }) => instance),
    participant,
    verdict,
    rounds: all.filter((said) => said.includes(verdict)).length,
  };
}

/** The subsets whose updates a round used: its plain twin trains on them. */
export const usedSubsets = ({ settlements }: JudgedRound): number[] =>
  settlements
    .flatMap(({ subsetIndex, outcome }) => (outcome === 'agreed' ? [subsetIndex] : []))
    .sort((a, b) => a - b);
