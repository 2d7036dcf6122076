/** Every error of this package: code → name and help. The message says what happened; the help says what to do. */
export const networkErrors = {
  VT9501: {
    name: 'PROGRAM_MISSING',
    help: 'Install Fabric’s programs with `veritrain network install`, or set VERITRAIN_FABRIC_BIN to their folder.',
  },
  VT9502: {
    name: 'PROGRAM_VERSION',
    help: 'Install that version with `veritrain network install --version …`, or choose the installed version.',
  },
  VT9503: {
    name: 'NETWORK_DIFFERS',
    help: 'The configuration of an existing network is fixed. Leave the option out, choose another folder, or start over after `veritrain network down --wipe`.',
  },
  VT9504: {
    name: 'PORT_BUSY',
    help: 'Stop the program that uses the port. A network cannot change its ports, because its channel names them.',
  },
  VT9505: {
    name: 'NETWORK_MISSING',
    help: 'Create a network with `veritrain network up`, or specify its folder with --data.',
  },
  VT9506: {
    name: 'NETWORK_UNREADABLE',
    help: 'Somebody or another version has changed the folder. `veritrain network down --wipe` deletes it.',
  },
  VT9507: { name: 'PROGRAM_FAILED', help: 'The message has its last lines of output.' },
  VT9508: {
    name: 'NODE_DIED',
    help: 'The message has its last lines of output, and the facts name its log. `veritrain network up` starts it again.',
  },
  VT9509: {
    name: 'NOT_READY_IN_TIME',
    help: 'On a busy machine allow more time with --timeout. The folder `logs` of the network has the logs.',
  },
  VT9510: { name: 'DISK_FULL', help: 'Free some space, or choose a folder on another disk with --data.' },
  VT9511: {
    name: 'CHAINCODE_INVALID',
    help: 'Specify the folder of a built Node chaincode package: with package.json, an installed fabric-shim and the main file.',
  },
  VT9512: {
    name: 'NOT_DEPLOYED',
    help: 'Deploy it first with `veritrain network deploy`.',
  },
  VT9513: {
    name: 'NETWORK_BUSY',
    help: 'Another command is changing this network. Wait until it ends.',
  },
  VT9514: { name: 'NOT_RUNNING', help: 'Start the network again with `veritrain network up`.' },
  VT9515: {
    name: 'DOWNLOAD_FAILED',
    help: 'Try again, specify a mirror with --from, or download the archives in another way and unpack them into the folder of VERITRAIN_FABRIC_BIN.',
  },
  VT9516: {
    name: 'DIGEST_MISMATCH',
    help: 'Do not use the file: compare the digest with the project’s published digest, and try another source.',
  },
  VT9517: { name: 'ARCHIVE_INVALID', help: 'Specify a source of the projects’ release archives.' },
  VT9518: { name: 'ALREADY_DEPLOYED', help: 'Upgrade to a new version with `veritrain network upgrade`.' },
  VT9519: {
    name: 'PLATFORM_UNKNOWN',
    help: 'Build Fabric’s programs for this machine and set VERITRAIN_FABRIC_BIN to their folder.',
  },
  VT9520: {
    name: 'AUTHORITY_MISSING',
    help: 'This network has identities from cryptogen, so it has no enrolled members. Create a network with Fabric CAs with `veritrain network up --ca`.',
  },
  VT9521: { name: 'ORGANIZATION_UNKNOWN', help: 'Specify the domain of a peer organisation of the network.' },
  VT9522: {
    name: 'ENROLMENT_UNKNOWN',
    help: 'Specify the enrolment id from the certificate (CN), and the organisation whose CA issued it.',
  },
  VT9523: {
    name: 'ENROLMENT_NEEDED',
    help: 'Without this identity the organisation could not act any more. Revoke only members, not nodes or administrators.',
  },
  VT9524: {
    name: 'DIGEST_NEEDED',
    help: 'Specify the SHA-256 of both archives from their release pages with --sha256. Or accept unverified archives with --unverified, and compare the digests in its output.',
  },
  VT9525: {
    name: 'PLAIN_HTTP',
    help: 'Specify an https address with --from, or the SHA-256 of both archives with --sha256.',
  },
  VT9526: {
    name: 'CHOICE_INVALID',
    help: '`veritrain network up --help` lists the allowed values.',
  },
} as const satisfies Record<string, { name: string; help: string }>;

export type NetworkErrorCode = keyof typeof networkErrors;

/** Names, numbers and paths of an error. Never a key or a secret. */
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
