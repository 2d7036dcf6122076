import type { ErrorTableEntry } from './errorTableEntry.js';
import { systemErrors } from './systemErrorTable.js';

/** The errors that a member's actions find themselves. Codes never change meaning. */
export const memberErrors = {
  VT9001: {
    name: 'WRONG_ARGUMENT',
    help: 'Mend the named argument; `veritrain <noun> <verb> --help` shows them all, with examples.',
    exit: 'arguments',
  },
  VT9003: {
    name: 'FILE_MISSING',
    help: 'Check the path; relative paths start at the folder where the command was called.',
    exit: 'arguments',
  },
  VT9004: {
    name: 'FILE_INVALID',
    help: 'The file is not what the command expects; its help names the command that writes such a file.',
    exit: 'arguments',
  },
  VT9005: {
    name: 'FILE_EXISTS',
    help: 'Nothing is overwritten: choose another path or name, or move the old one away.',
    exit: 'arguments',
  },
  VT9006: {
    name: 'CONFIRMATION_MISSING',
    help: 'There is no terminal to ask on: read what it comes to with `--dry-run`, then add `--yes`.',
    exit: 'arguments',
  },
  VT9101: {
    name: 'PROFILE_UNKNOWN',
    help: 'Make one with `veritrain init`, or name one with `--profile` or VERITRAIN_PROFILE.',
    exit: 'connection',
  },
  VT9102: {
    name: 'PROFILE_AMBIGUOUS',
    help: 'Say which one with `--profile <name>` or VERITRAIN_PROFILE.',
    exit: 'connection',
  },
  VT9103: {
    name: 'NOT_REGISTERED',
    help: 'Register first: `veritrain participant register --role <role>`.',
    exit: 'refused',
  },
  VT9104: {
    name: 'IDENTITY_MISSING',
    help: 'Look in the organisations folder for the users there are, or enrol one with a Fabric CA.',
    exit: 'connection',
  },
  VT9106: {
    name: 'ALREADY_REGISTERED',
    help: 'An identity is one participant, with the roles that it registered. Enrol another identity for other roles.',
    exit: 'refused',
  },
  VT9107: {
    name: 'CERTIFICATE_ENDED',
    help: 'An ended certificate vouches for nothing. Ask the CA’s registrar for a secret of this enrolment id and give it with `--secret-file`: that stays the same member.',
    exit: 'connection',
  },
  VT9108: {
    name: 'OTHER_IDENTITY',
    help: 'Nothing was changed. Name the CA that certified this profile: a certificate of another name or CA is another member, for which `veritrain init` makes a profile.',
    exit: 'connection',
  },
  VT9110: {
    name: 'NAME_TAKEN',
    help: 'A name stands for one member. Choose another one, or take it from the other member first: `veritrain participant forget <name>`.',
    exit: 'refused',
  },
  VT9111: {
    name: 'NAME_UNKNOWN',
    help: '`veritrain participant names` shows the names there are; `veritrain participant name <id> <name>` gives one.',
    exit: 'refused',
  },
  VT9112: {
    name: 'OTHER_DATA_OWNER',
    help: 'Nothing was fetched. Ask the data owner by another way for its id and its fingerprint (`veritrain participant show`), and compare.',
    exit: 'refused',
  },
  VT9201: {
    name: 'NOT_FOUND',
    help: 'Check the id; `veritrain <noun> list` shows the ones there are.',
    exit: 'refused',
  },
  VT9202: {
    name: 'NOT_OURS',
    help: 'This belongs to another member: use the profile of its owner.',
    exit: 'refused',
  },
  VT9203: {
    name: 'LOCAL_COPY_MISSING',
    help: 'The files of this asset are not in this profile: use the profile and machine that made it.',
    exit: 'refused',
  },
  VT9204: {
    name: 'NOT_READY',
    help: 'Wait for what the message names; `show` and `watch` tell whom it waits for, until when.',
    exit: 'refused',
  },
  VT9205: {
    name: 'NOT_WHAT_WAS_PROMISED',
    help: 'The bytes do not match the digest on the ledger. Do not use them; tell who published them.',
    exit: 'refused',
  },
  VT9208: {
    name: 'SLOT_HELD',
    help: 'Nothing was changed. Ask the data owner why there is a second invite; to take it, leave the slot first.',
    exit: 'refused',
  },
  VT9209: {
    name: 'NO_PLACE',
    help: 'Only in an S3 vault does every member have a place of its own: take a grant with `veritrain vault use`.',
    exit: 'refused',
  },
  VT9210: {
    name: 'LOAN_ENDED',
    help: 'Ask the data owner for a new invite, or take a place in the vault: `veritrain vault use`.',
    exit: 'refused',
  },
  VT9230: {
    name: 'OTHER_PROGRAM',
    help: 'The ledger says one thing of this training, the program behind its digest another. Nothing was computed or agreed; refuse the request, and register the model again if it is yours.',
    exit: 'refused',
  },
  VT9231: {
    name: 'OTHER_TEMPLATE',
    help: 'The template does not describe the dataset that the ledger names. Ask its owner; do not train on it.',
    exit: 'refused',
  },
  VT9241: {
    name: 'VAULT_TOO_SLOW',
    help: 'The vault answers nothing, or drips: look after its server. What can be done without it goes on; the rest is tried again.',
    exit: 'connection',
  },
  VT9260: {
    name: 'NOT_A_FILE',
    help: 'Only regular files are read, since others may never end: write it to a file, or give `-` and pipe it into the command.',
    exit: 'arguments',
  },
  VT9261: {
    name: 'FILE_TOO_LARGE',
    help: 'Such a file is never that large: check the path.',
    exit: 'arguments',
  },
  VT9262: {
    name: 'OTHER_OPERATOR',
    help: 'Nothing was changed. Ask the operator of the vault by another way whether the grant is its own; a vault that has changed hands is taken with `--operator <id>`.',
    exit: 'refused',
  },
  VT9263: {
    name: 'GRANT_OUTDATED',
    help: 'Nothing was changed. Ask who runs the vault for a new grant: `veritrain vault init`.',
    exit: 'refused',
  },
  VT9264: {
    name: 'INVITE_UNSIGNED',
    help: 'Nothing was fetched. Anybody can seal an invite to a host: ask the data owner for its own.',
    exit: 'refused',
  },
  VT9265: {
    name: 'ACCOUNTS_DENIED',
    help: 'Use an administrator’s keys, or have the admin interface (`/minio/`) closed to members in front of the server: with one account for all, any member ends everybody’s credentials there.',
    exit: 'refused',
  },
  ...systemErrors,
} as const satisfies Record<string, ErrorTableEntry>;

export type MemberErrorCode = keyof typeof memberErrors;
