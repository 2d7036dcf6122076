import type { ErrorTableEntry } from '@veritrain/member/errors';

/** The errors that agents find themselves. Codes never change meaning. */
export const agentsErrors = {
  VT9206: {
    name: 'OBJECT_LOST',
    help: 'The vault lost or changed an object. Its owner’s agent uploads it again; where no member can, the round ends by its deadlines.',
    exit: 'refused',
  },
  VT9207: {
    name: 'OTHER_MODEL',
    help: 'The round was trained on a model that this profile cannot compute again, because an earlier update is lost. The round is left out.',
    exit: 'refused',
  },
  VT9211: {
    name: 'STATE_DAMAGED',
    help: 'The agent set the file aside and computes its content again, from the ledger and the updates in the vault. Check the disk; rounds whose updates are gone are left out.',
    exit: 'refused',
  },
  VT9212: {
    name: 'NO_AGENT',
    help: 'Agents serve data owners, cloud owners and model owners. This member’s roles only have transactions, or it has no role yet.',
    exit: 'refused',
  },
  VT9240: {
    name: 'LINK_WITHHELD',
    help: 'The peer that this agent asks skips attempts: no link was opened. Ask another organisation’s peer for the couple; the agent goes on once the ledger confirms every earlier attempt.',
    exit: 'refused',
  },
  VT9242: {
    name: 'NO_UPDATE',
    help: 'A quorum of the subset committed to bytes that are no update of this round. The subset is contested, and forfeited by the tally.',
    exit: 'refused',
  },
  VT9243: {
    name: 'STOPPED_WITH_STEPS_OPEN',
    help: 'Nothing to do: the agent repeats the open steps when it starts again. Find out what hung.',
    exit: 'bug',
  },
  VT9999: {
    name: 'BUG',
    help: 'Please report it with what you typed. VERITRAIN_DEBUG=1 adds the stack.',
    exit: 'bug',
  },
} as const satisfies Record<string, ErrorTableEntry>;

/** A code of `agentsErrors`, `VT` and four digits. */
export type AgentsErrorCode = keyof typeof agentsErrors;
