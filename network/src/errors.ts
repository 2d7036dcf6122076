/** Every error of this package: code → short name and help. The help says what to do; the message, what happened. */
export const networkErrors = {
  VT9501: {
    name: 'PROGRAM_MISSING',
    help: 'Get Fabric’s programs with `veritrain network install`, or say where they are with VERITRAIN_FABRIC_BIN.',
  },
  VT9502: {
    name: 'PROGRAM_VERSION',
    help: 'Get that version with `veritrain network install --version …`, or ask for the version that is there.',
  },
  VT9503: {
    name: 'NETWORK_DIFFERS',
    help: 'What a network consists of is fixed when it is made: leave the option out, choose another folder, or start over after `veritrain network down --wipe`.',
  },
  VT9504: {
    name: 'PORT_BUSY',
    help: 'Stop the program that listens there; a network keeps the ports that its channel names.',
  },
  VT9505: {
    name: 'NETWORK_MISSING',
    help: 'Make a network with `veritrain network up`, or name its folder with --data.',
  },
  VT9506: {
    name: 'NETWORK_UNREADABLE',
    help: 'The folder was changed by hand, or by another version. `veritrain network down --wipe` clears it away.',
  },
  VT9507: { name: 'PROGRAM_FAILED', help: 'Its last words are in the message.' },
  VT9508: {
    name: 'NODE_DIED',
    help: 'Its last words are in the message, its log where the facts say. `veritrain network up` starts it again.',
  },
  VT9509: {
    name: 'NOT_READY_IN_TIME',
    help: 'On a busy machine give it more time with --timeout; the logs are in the folder’s logs.',
  },
  VT9510: { name: 'DISK_FULL', help: 'Free some room, or choose a folder on another disk with --data.' },
  VT9511: {
    name: 'CHAINCODE_INVALID',
    help: 'Name the folder of a built Node chaincode package: package.json, fabric-shim installed, main there.',
  },
  VT9512: {
    name: 'NOT_DEPLOYED',
    help: 'Deploy it first with `veritrain network deploy`.',
  },
  VT9513: {
    name: 'NETWORK_BUSY',
    help: 'Another command works on this network. Wait until it ends.',
  },
  VT9514: { name: 'NOT_RUNNING', help: 'Start the network again with `veritrain network up`.' },
  VT9515: {
    name: 'DOWNLOAD_FAILED',
    help: 'Try again, name a mirror with --from, or get the archives in another way and unpack them where VERITRAIN_FABRIC_BIN says.',
  },
  VT9516: {
    name: 'DIGEST_MISMATCH',
    help: 'Do not use the file: compare the digest with the one that the project publishes, and try another source.',
  },
  VT9517: { name: 'ARCHIVE_INVALID', help: 'Name a source that has the release archives of the projects.' },
  VT9518: { name: 'ALREADY_DEPLOYED', help: 'Move to a new version with `veritrain network upgrade`.' },
  VT9519: {
    name: 'PLATFORM_UNKNOWN',
    help: 'Build Fabric’s programs for this machine and say where they are with VERITRAIN_FABRIC_BIN.',
  },
  VT9520: {
    name: 'AUTHORITY_MISSING',
    help: 'The identities of this network are cryptogen’s, so nobody is enrolled. A network with Fabric CAs is made with `veritrain network up --ca`.',
  },
  VT9521: { name: 'ORGANIZATION_UNKNOWN', help: 'Name a peer organisation of the network by its domain.' },
  VT9522: {
    name: 'ENROLMENT_UNKNOWN',
    help: 'Name the enrolment id as it stands in the certificate (CN), and the organisation whose CA gave it.',
  },
  VT9523: {
    name: 'ENROLMENT_NEEDED',
    help: 'Without it the organisation could do nothing any more, not even this. Members are revoked here, no nodes and no administrators.',
  },
  VT9524: {
    name: 'DIGEST_NEEDED',
    help: 'Give the SHA-256 of both archives with --sha256, as their release pages have it; or take what comes with --unverified, and compare the digests that it shows.',
  },
  VT9525: {
    name: 'PLAIN_HTTP',
    help: 'Name an https address with --from, or the SHA-256 of both archives with --sha256.',
  },
  VT9526: {
    name: 'CHOICE_INVALID',
    help: '`veritrain network up --help` says what a network may consist of.',
  },
} as const satisfies Record<string, { name: string; help: string }>;

export type NetworkErrorCode = keyof typeof networkErrors;

/** Names, numbers and paths that go with an error. Never a key, never a secret. */
export type NetworkErrorFacts = Readonly<Record<string, string | number | boolean>>;

/** An error of this package: code, what happened, facts, what to do. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  readonly title: string;
  readonly hint: string;
  readonly facts: NetworkErrorFacts;

  constructor(
    readonly code: NetworkErrorCode,
    /** One sentence: what happened. */
    readonly reason: string,
    { facts, hint, cause }: { facts?: NetworkErrorFacts; hint?: string; cause?: unknown } = {},
  ) {
    const entry = networkErrors[code];
    super(`${code} ${entry.name}: ${reason}`, cause === undefined ? undefined : { cause });
    this.title = entry.name;
    this.hint = hint ?? entry.help;
    this.facts = Object.freeze({ ...facts });
  }
}
