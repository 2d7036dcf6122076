import type { Dataset, TrainCouple } from '@veritrain/client-sdk';

/**
 * Why an owner does not approve a request by itself: what in its terms is not what the owner offered. The contract refuses
 * such a request; this is the owner's own word on what binds it.
 *
 * @returns the term that is at odds with the dataset's rules, or undefined where all keep to them
 */
export function objectionTo({ terms }: TrainCouple, dataset: Dataset): string | undefined {
  const { mostRounds, mostSubsetsPerRound, mostIdleMs, protections } = dataset.requestRules;
  const { deadlines } = dataset;
  const longer = Object.entries(terms.deadlines).find(
    ([name, ms]) => ms !== deadlines[name as keyof typeof deadlines],
  );
  const broken: readonly (readonly [boolean, string])[] = [
    [terms.rounds > mostRounds, 'rounds'],
    [terms.subsetsPerRound > mostSubsetsPerRound, 'subsetsPerRound'],
    [terms.idleMs > mostIdleMs, 'idleMs'],
    [!protections.includes(terms.protection), 'protection'],
    [terms.subsets !== dataset.subsets || terms.replicas !== dataset.replicas, 'size'],
    [longer !== undefined, longer?.[0] ?? 'deadlines'],
  ];
  return broken.find(([isBroken]) => isBroken)?.[1];
}
