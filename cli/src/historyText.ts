import type { HistoryStep } from '@veritrain/client-sdk';

/** What came of a step, in words; by the transaction's name. */
const texts: Readonly<Record<string, (step: HistoryStep) => string>> = {
  RequestTraining: ({ rounds }) => `asked for ${rounds ?? 0} rounds`,
  ApproveTraining: () => 'approved',
  RejectTraining: ({ rejectReason }) => `rejected: ${rejectReason ?? ''}`,
  OpenRound: ({ digest }) => `sent out ${digest ?? ''}`,
  StartRound: ({ drawn }) => `drew subsets ${drawn.join(', ')}`,
  ExpireRound: () => 'not started in time',
  SubmitUpdate: ({ instanceId }) => `${instanceId ?? ''} committed`,
  ReportUnavailable: ({ instanceId }) => `${instanceId ?? ''} could not have the model`,
  CloseRound: ({ subsetIndex, outcome }) => `subset ${subsetIndex ?? ''} ${outcome ?? 'contested'}`,
  TallyRound: ({ subsetIndex, outcome }) => `subset ${subsetIndex ?? ''} ${outcome ?? ''}`,
  RevealUpdate: ({ instanceId, digest }) => `${instanceId ?? ''} revealed ${digest ?? ''}`,
  FinishTraining: ({ digest }) => `finished with ${digest ?? 'no model'}`,
  CancelTraining: () => 'cancelled after a deadline',
  ReleaseRounds: ({ rounds }) => `gave back ${rounds ?? 0} rounds`,
};

export const stepText = (step: HistoryStep): string => texts[step.transaction]?.(step) ?? '';
