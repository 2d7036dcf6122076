/** Why nobody is told to lie with so few replicas. */
export const whyNoLiar = (replicas: number): string =>
  replicas === 1
    ? 'with one replica there is nothing to compare an update with, so nobody can be convicted'
    : 'two replicas that differ show that one lies, not which, so nobody can be convicted';
