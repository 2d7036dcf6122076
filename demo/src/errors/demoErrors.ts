import type { ErrorTableEntry } from '@veritrain/member/errors';

/** The errors that the demo itself finds. Codes never change meaning. */
export const demoErrors = {
  VT9601: {
    name: 'AGENT_KEEPS_DYING',
    help: 'Its last words are above; `veritrain demo --keep` leaves all logs where it says.',
    exit: 'bug',
  },
  VT9602: {
    name: 'DEMO_STALLED',
    help: 'The message says what the demo waited for. Try again on a less busy machine; `--keep` leaves the logs.',
    exit: 'timeout',
  },
  VT9604: {
    name: 'TRAINING_NOT_FINISHED',
    help: 'The couple was rejected or cancelled, or its records are incomplete; `--keep` leaves all logs.',
    exit: 'refused',
  },
  VT9605: {
    name: 'VAULT_FAILED',
    help: 'Its last words are above; `veritrain demo --keep` leaves its data and log where it says.',
    exit: 'connection',
  },
} as const satisfies Record<string, ErrorTableEntry>;
