import type { DatasetDeadlines } from '@veritrain/client-sdk';
import { duration } from './text.js';

/** Every time that members of a dataset agree to: whoever sees these rows has seen what WaitingFor may name. */
export const deadlineRows = (of: DatasetDeadlines): [string, string][] => [
  ['Request', `answered within ${duration(of.answerMs)}`],
  [
    'Round',
    `started within ${duration(of.startMs)}; from then commit ${duration(of.commitMs)}, ` +
      `upload ${duration(of.uploadMs)}, close ${duration(of.closeMs)}, reveal ${duration(of.revealMs)}, ` +
      `tally ${duration(of.attestMs)}`,
  ],
  ['Slot', `verified within ${duration(of.verifyMs)}, left with notice of ${duration(of.noticeMs)}`],
];
