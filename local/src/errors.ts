import { errorsOf } from '@veritrain/client-sdk/errors';
import type { ErrorTableEntry } from '@veritrain/member/errors';

/** The errors of services on this machine. Codes never change meaning. */
export const localErrors = {
  VT9603: {
    name: 'LEDGER_FAILED',
    help: 'Its last words are above; `veritrain demo --keep` leaves its data and log where it says.',
    exit: 'connection',
  },
} as const satisfies Record<string, ErrorTableEntry>;

/** Makes an error of the table above. */
export const localError = errorsOf(localErrors);
