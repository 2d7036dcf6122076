/**
 * What this hospital allows: so many rounds at once on one dataset, encrypted, and so many in all. It may be any code:
 * a question to an ethics board's system, say.
 *
 * @returns 'approve', a reason to reject, or undefined where a person has to decide
 */
export const policyOf =
  ({ mostRounds, trusted = [] }) =>
  ({ terms, modelOwnerId }) => {
    if (terms.protection !== 'encrypted') return 'terms';
    if (terms.rounds > mostRounds) return 'terms';
    return trusted.length === 0 || trusted.includes(modelOwnerId) ? 'approve' : undefined;
  };
