import type { ErrorTableEntry } from './errorTableEntry.js';

/** What the operating system refuses. */
export const systemErrors = {
  VT9801: {
    name: 'NO_SPACE',
    help: 'Free some room on that disk, or in this user’s quota, and call it again. Nothing has to be deleted that Veritrain wrote. VERITRAIN_HOME moves profiles to another disk, TMPDIR temporary files.',
    exit: 'system',
  },
  VT9802: {
    name: 'PERMISSION_DENIED',
    help: 'Run it as the user that the path belongs to, or give this user the right to it (`ls -ld` shows who has it).',
    exit: 'system',
  },
  VT9803: {
    name: 'READ_ONLY_DISK',
    help: 'Name a path on a disk that can be written to: VERITRAIN_HOME moves profiles, TMPDIR temporary files.',
    exit: 'system',
  },
  VT9804: {
    name: 'PATH_UNUSABLE',
    help: 'Look at each part of the path: one is missing, or is a file where a folder must be, or the other way round. HOME, VERITRAIN_HOME and TMPDIR name folders.',
    exit: 'system',
  },
  VT9805: {
    name: 'LIMIT_REACHED',
    help: 'This machine has no more open files, processes or memory to give: raise the limit (`ulimit -n`, `ulimit -u`), or end what uses them.',
    exit: 'system',
  },
  VT9806: {
    name: 'ADDRESS_UNUSABLE',
    help: 'Another program listens there, or the address is none of this machine’s: name another one.',
    exit: 'system',
  },
  VT9807: {
    name: 'SYSTEM_FAILED',
    help: 'The operating system refused; the facts give its own word (errno). Look at its log (`dmesg`), the disk and the network.',
    exit: 'system',
  },
} as const satisfies Record<string, ErrorTableEntry>;
