import type { ErrorTableEntry } from '@veritrain/member/errors';

/** The errors that agents, the command and the demo find themselves. Codes never change meaning. */
export const agentsErrors = {
  VT9002: {
    name: 'UNKNOWN_COMMAND',
    help: 'Run `veritrain --help` for the nouns, `veritrain <noun> --help` for its verbs.',
    exit: 'arguments',
  },
  VT9007: {
    name: 'UNKNOWN_CODE',
    help: 'Codes look like VT0203 and stand at the front of every error message.',
    exit: 'arguments',
  },
  VT9008: {
    name: 'NODE_TOO_OLD',
    help: 'Install a newer Node. In a clone of the repository `npm ci` has brought one: put its node_modules/.bin at the front of PATH.',
    exit: 'connection',
  },
  VT9105: {
    name: 'UNHEALTHY',
    help: 'Do what stands beside each failure, then run `veritrain doctor` again.',
    exit: 'connection',
  },
  VT9201: {
    name: 'NOT_FOUND',
    help: 'Check the id; `veritrain <noun> list` shows the ones there are.',
    exit: 'refused',
  },
  VT9206: {
    name: 'OBJECT_LOST',
    help: 'The vault lost or changed an object. Who put it puts it again; where nobody can, the round ends by its deadlines.',
    exit: 'refused',
  },
  VT9207: {
    name: 'OTHER_MODEL',
    help: 'The round was trained on a model that this profile cannot make again, since an update before it is lost; it is left out.',
    exit: 'refused',
  },
  VT9211: {
    name: 'STATE_DAMAGED',
    help: 'The file was set aside and its content is worked out anew, from the ledger and the updates in the vault. Look after the disk; rounds whose updates are gone are left out.',
    exit: 'refused',
  },
  VT9212: {
    name: 'NO_AGENT',
    help: 'Agents serve data owners, cloud owners and model owners. This member’s roles have transactions alone, or none yet.',
    exit: 'refused',
  },
  VT9240: {
    name: 'LINK_WITHHELD',
    help: 'The peer that this agent asks skips attempts: no link was opened. Ask another organisation’s peer for the couple; the agent goes on once the ledger confirms every attempt before.',
    exit: 'refused',
  },
  VT9242: {
    name: 'NO_UPDATE',
    help: 'A quorum of the subset committed to bytes that are no update of this round. The subset is contested, and forfeited by the tally.',
    exit: 'refused',
  },
  VT9243: {
    name: 'STOPPED_WITH_STEPS_OPEN',
    help: 'Nothing to do: what was under way is done again at the next start. Look after what hung.',
    exit: 'bug',
  },
  VT9301: {
    name: 'TIMED_OUT',
    help: 'Look at what it waits for, and give more time with `--timeout`.',
    exit: 'timeout',
  },
  VT9302: {
    name: 'INTERRUPTED',
    help: 'Call it again: doing it twice is harmless, and what reached a ledger stays.',
    exit: 'interrupted',
  },
  VT9601: {
    name: 'AGENT_KEEPS_DYING',
    help: 'Its last words are above; `veritrain demo --keep` leaves all logs where it says.',
    exit: 'bug',
  },
  VT9602: {
    name: 'DEMO_STALLED',
    help: 'The message says whom it waited for. Try again on a less busy machine; `--keep` leaves the logs.',
    exit: 'timeout',
  },
  VT9603: {
    name: 'LEDGER_FAILED',
    help: 'Its last words are above; `veritrain demo --keep` leaves its data and log where it says.',
    exit: 'connection',
  },
  VT9604: {
    name: 'TRAINING_NOT_FINISHED',
    help: 'The couple ended in another way than by finishing; `--keep` leaves all logs.',
    exit: 'refused',
  },
  VT9605: {
    name: 'VAULT_FAILED',
    help: 'Its last words are above; `veritrain demo --keep` leaves its data and log where it says.',
    exit: 'connection',
  },
  VT9999: {
    name: 'BUG',
    help: 'Please report it with what you typed. VERITRAIN_DEBUG=1 adds the stack.',
    exit: 'bug',
  },
} as const satisfies Record<string, ErrorTableEntry>;

export type AgentsErrorCode = keyof typeof agentsErrors;
