import { errorsOf, isVeritrainError, type VeritrainError } from '@veritrain/client-sdk/errors';

/** The name of an error code, what to do about it, and the command's exit status. */
export interface ErrorTableEntry {
  /** The name of the error, such as `FILE_MISSING`. */
  readonly name: string;
  /** What to do. */
  readonly help: string;
  /** The kind of failure. Each kind has its own exit status of the `veritrain` command. */
  readonly exit: 'refused' | 'connection' | 'timeout' | 'arguments' | 'bug' | 'system' | 'interrupted';
}

/** Errors that a member's actions raise. A code never changes its meaning. */
export const memberErrors = {
  VT9001: {
    name: 'WRONG_ARGUMENT',
    help: 'Fix the named argument; `veritrain <noun> <verb> --help` shows all of them, with examples.',
    exit: 'arguments',
  },
  VT9003: {
    name: 'FILE_MISSING',
    help: 'Check the path; relative paths start at the folder where the command was called.',
    exit: 'arguments',
  },
  VT9004: {
    name: 'FILE_INVALID',
    help: 'The file is not what the command expects; the command’s help says which command writes such a file.',
    exit: 'arguments',
  },
  VT9005: {
    name: 'FILE_EXISTS',
    help: 'Veritrain overwrites nothing: choose another path or name, or move the old file away.',
    exit: 'arguments',
  },
  VT9006: {
    name: 'CONFIRMATION_MISSING',
    help: 'There is no terminal to ask on: read the effect with `--dry-run`, then add `--yes`.',
    exit: 'arguments',
  },
  VT9101: {
    name: 'PROFILE_UNKNOWN',
    help: 'Make a profile with `veritrain init`, or choose one with `--profile` or VERITRAIN_PROFILE.',
    exit: 'connection',
  },
  VT9102: {
    name: 'PROFILE_AMBIGUOUS',
    help: 'Choose one with `--profile <name>` or VERITRAIN_PROFILE.',
    exit: 'connection',
  },
  VT9103: {
    name: 'NOT_REGISTERED',
    help: 'Register first: `veritrain participant register --role <role>`.',
    exit: 'refused',
  },
  VT9104: {
    name: 'IDENTITY_MISSING',
    help: 'Look up the users in the organisations folder, or enrol one with a Fabric CA.',
    exit: 'connection',
  },
  VT9106: {
    name: 'ALREADY_REGISTERED',
    help: 'An identity is one participant with fixed roles. Enrol another identity for other roles.',
    exit: 'refused',
  },
  VT9107: {
    name: 'CERTIFICATE_ENDED',
    help: 'A certificate that has ended cannot request a new one. Ask the CA’s registrar for a secret of this enrolment id and give it with `--secret-file`: the member stays the same.',
    exit: 'connection',
  },
  VT9108: {
    name: 'OTHER_IDENTITY',
    help: 'Nothing was changed. Name the CA that certified this profile. A certificate of another name or CA is another member, for which `veritrain init` makes a profile.',
    exit: 'connection',
  },
  VT9110: {
    name: 'NAME_TAKEN',
    help: 'A name stands for one member. Choose another name, or take it from the other member first: `veritrain participant forget <name>`.',
    exit: 'refused',
  },
  VT9111: {
    name: 'NAME_UNKNOWN',
    help: '`veritrain participant names` lists the names; `veritrain participant name <id> <name>` gives one.',
    exit: 'refused',
  },
  VT9112: {
    name: 'OTHER_DATA_OWNER',
    help: 'Nothing was fetched. Ask the data owner over another channel for its id and its fingerprint (`veritrain participant show`), and compare.',
    exit: 'refused',
  },
  VT9201: {
    name: 'NOT_FOUND',
    help: 'Check the id; `veritrain <noun> list` shows the existing ones.',
    exit: 'refused',
  },
  VT9202: {
    name: 'NOT_OURS',
    help: 'It belongs to another member: use the profile of its owner.',
    exit: 'refused',
  },
  VT9203: {
    name: 'LOCAL_COPY_MISSING',
    help: 'This profile does not hold the files of this asset: use the profile and the machine that made it.',
    exit: 'refused',
  },
  VT9204: {
    name: 'NOT_READY',
    help: 'Wait for the step that the message names; `show` and `watch` tell who has to take it, and until when.',
    exit: 'refused',
  },
  VT9205: {
    name: 'NOT_WHAT_WAS_PROMISED',
    help: 'The bytes do not match the digest on the ledger. Do not use them; tell their publisher.',
    exit: 'refused',
  },
  VT9208: {
    name: 'SLOT_HELD',
    help: 'Nothing was changed. Ask the data owner why it sent a second invite; to take it, leave the slot first.',
    exit: 'refused',
  },
  VT9209: {
    name: 'NO_PLACE',
    help: 'Only an S3 vault has a place for each member: take a grant with `veritrain vault use`.',
    exit: 'refused',
  },
  VT9210: {
    name: 'LOAN_ENDED',
    help: 'Ask the data owner for a new invite, or take a place in the vault: `veritrain vault use`.',
    exit: 'refused',
  },
  VT9213: {
    name: 'PRIVACY_SPENT',
    help: 'Each dataset of a table tells more of its rows, and what was told cannot be taken back. Use the dataset that there is: any number of rounds costs nothing more. To allow more for the table: a larger --privacy-budget. What was spent stands in privacy-budget.json beside the profile.',
    exit: 'refused',
  },
  VT9230: {
    name: 'OTHER_PROGRAM',
    help: 'The ledger and the program behind its digest contradict each other. Nothing was computed or agreed: reject the request; register the model again if it is yours.',
    exit: 'refused',
  },
  VT9231: {
    name: 'OTHER_TEMPLATE',
    help: 'The template does not describe the dataset that the ledger names. Ask its owner; do not train on it.',
    exit: 'refused',
  },
  VT9241: {
    name: 'VAULT_TOO_SLOW',
    help: 'The vault does not answer, or sends too slowly: check its server. Agents retry, and meanwhile do what needs no vault.',
    exit: 'connection',
  },
  VT9260: {
    name: 'NOT_A_FILE',
    help: 'Only regular files are read, since others may never end: write the content to a file, or give `-` and pipe it into the command.',
    exit: 'arguments',
  },
  VT9261: {
    name: 'FILE_TOO_LARGE',
    help: 'A file of this kind is never that large: check the path.',
    exit: 'arguments',
  },
  VT9262: {
    name: 'OTHER_OPERATOR',
    help: 'Nothing was changed. Ask the operator of the vault over another channel whether it made the grant. If the vault has a new operator, give its id with `--operator <id>`.',
    exit: 'refused',
  },
  VT9263: {
    name: 'GRANT_OUTDATED',
    help: 'Nothing was changed. Ask the operator of the vault for a new grant: `veritrain vault init`.',
    exit: 'refused',
  },
  VT9264: {
    name: 'INVITE_UNSIGNED',
    help: 'Nothing was fetched. Anybody can seal an invite to a host: ask the data owner for a signed one.',
    exit: 'refused',
  },
  VT9265: {
    name: 'ACCOUNTS_DENIED',
    help: 'Use an administrator’s keys, or block the admin interface (`/minio/`) for members in front of the server: with one account for all, any member can end all credentials there.',
    exit: 'refused',
  },
  // Refusals of the operating system.
  VT9801: {
    name: 'NO_SPACE',
    help: 'Free some room on that disk, or in this user’s quota, and try again. Keep what Veritrain wrote. VERITRAIN_HOME moves profiles to another disk, TMPDIR temporary files.',
    exit: 'system',
  },
  VT9802: {
    name: 'PERMISSION_DENIED',
    help: 'Run the command as the owner of the path, or give this user access to it (`ls -ld` shows who has access).',
    exit: 'system',
  },
  VT9803: {
    name: 'READ_ONLY_DISK',
    help: 'Choose a path on a writable disk: VERITRAIN_HOME moves profiles, TMPDIR temporary files.',
    exit: 'system',
  },
  VT9804: {
    name: 'PATH_UNUSABLE',
    help: 'Check each part of the path: one is missing, or is a file in place of a folder, or a folder in place of a file. HOME, VERITRAIN_HOME and TMPDIR name folders.',
    exit: 'system',
  },
  VT9805: {
    name: 'LIMIT_REACHED',
    help: 'This machine is out of file handles, processes or memory: raise the limit (`ulimit -n`, `ulimit -u`), or stop the programs that use them.',
    exit: 'system',
  },
  VT9806: {
    name: 'ADDRESS_UNUSABLE',
    help: 'Another program listens there, or this machine does not have that address: choose another one.',
    exit: 'system',
  },
  VT9807: {
    name: 'SYSTEM_FAILED',
    help: 'The operating system refused; the facts give its error name (errno). Check its log (`dmesg`), the disk and the network.',
    exit: 'system',
  },
} as const satisfies Record<string, ErrorTableEntry>;

/** A code of `memberErrors`, `VT` and four digits. */
export type MemberErrorCode = keyof typeof memberErrors;

/** Makes an error of this table from its code, a sentence that says what happened, and facts. The hint is the table's help. */
export const memberError = errorsOf(memberErrors);

/** Whether an error is of this table, and not of the ledger, its contract or the SDK. */
export const isMemberError = (error: unknown): error is VeritrainError =>
  isVeritrainError(error, ...Object.keys(memberErrors));
