/** What one error code means and what to do about it. */
export interface ErrorEntry {
  /** The name of the error, such as `NOT_APPROVED`. */
  readonly name: string;
  /** What to do. */
  readonly help: string;
}

/**
 * The errors that the SDK itself finds, all within VT8000 to VT8999. The contract's own codes stand in the
 * domain's table; `describeError` knows both.
 */
export const sdkErrors = {
  VT8001: {
    name: 'PROFILE_INVALID',
    help: 'Mend the named field of the profile; `veritrain init` writes a whole one.',
  },
  VT8002: {
    name: 'FILE_UNREADABLE',
    help: 'Check that the path exists and that this user may read it. Paths in a profile start at its own folder.',
  },
  VT8003: {
    name: 'IDENTITY_INVALID',
    help: 'Use the certificate and the private key (P-256 or P-384) of one enrolment, both PEM; enrol again if one is lost.',
  },
  VT8004: {
    name: 'INPUT_INVALID',
    help: 'Mend the named fields; the transaction reference gives the schema. Nothing was sent.',
  },
  VT8005: { name: 'ABORTED', help: 'The caller stopped waiting. A submitted transaction may still commit.' },
  VT8006: {
    name: 'ANSWER_INVALID',
    help: 'The contract answered in another shape than this SDK knows: use the SDK of the same version.',
  },
  VT8101: {
    name: 'GATEWAY_UNREACHABLE',
    help: 'Check the gateway address and the TLS root in the profile, and that the peer or embedded ledger runs there. Where a proxy is named, and must not be used, put the address into `no_proxy`.',
  },
  VT8102: {
    name: 'TIMED_OUT',
    help: 'The gateway did not answer in time. Try again; look at the load and logs of the peers if it persists.',
  },
  VT8103: {
    name: 'ACCESS_DENIED',
    help: 'The channel does not accept this identity: check the MSP id, and that the certificate is of its CA.',
  },
  VT8104: {
    name: 'ENDORSEMENTS_DIFFER',
    help: 'Endorsers computed different results. If it persists, they run different contracts, or one that is not deterministic.',
  },
  VT8105: {
    name: 'CALL_FAILED',
    help: 'The ledger refused the call without a code of the contract; the facts name who said what.',
  },
  VT8106: {
    name: 'COMMITTED_INVALID',
    help: 'The transaction is in a block but had no effect; the facts give the validation code.',
  },
  VT8107: {
    name: 'CONFLICT_PERSISTS',
    help: 'Others kept changing what this transaction reads. Read the state again before another try.',
  },
  VT8108: {
    name: 'OUTCOME_UNKNOWN',
    help: 'The transaction may have committed. Ask for its id before doing anything else; repeating the same content is safe.',
  },
  VT8109: {
    name: 'GATEWAY_BUSY',
    help: 'The gateway has as many calls in flight as it allows. Send fewer at a time.',
  },
  VT8110: {
    name: 'TOO_FEW_ENDORSERS',
    help: 'So many peers, or their chaincode, are away that too few can endorse. Nothing is lost: it goes on when they are back. `veritrain doctor` says which.',
  },
  VT8120: {
    name: 'IDENTITY_EXPIRED',
    help: 'Enrol again with its CA, under the same name: that stays the same member. `veritrain participant renew` does so: with a secret of its registrar, or, before a certificate ends, without one (`reenrol`).',
  },
  VT8121: {
    name: 'CLOCK_OFF',
    help: 'Set the clock of this machine right (NTP): peers take no transaction from another time than theirs.',
  },
  VT8122: {
    name: 'IDENTITY_REJECTED',
    help: 'The organisation no longer vouches for this certificate: most likely it was revoked. Ask the registrar of its CA, and enrol under a new name.',
  },
  VT8123: {
    name: 'GATEWAY_UNTRUSTED',
    help: 'Whoever answers there shows no certificate that the TLS root in the profile vouches for: check address, root and server name, and the clock of this machine. Nothing was sent.',
  },
  VT8124: {
    name: 'ENDORSEMENT_FORGED',
    help: 'The gateway tried to have this client sign something else than its own call. Nothing was signed. Use the gateway of another organisation, and tell the others.',
  },
  VT8125: {
    name: 'ENDORSER_UNKNOWN',
    help: 'Nothing was signed. If an organisation has new roots, compare them with it and pin them: `veritrain trust pin`. Otherwise use the gateway of another organisation.',
  },
  VT8126: {
    name: 'TOO_FEW_ORGANIZATIONS',
    help: 'A majority of the pinned organisations must sign this answer. `veritrain doctor` compares the contract’s endorsement policy and the channel with what is pinned.',
  },
  VT8127: {
    name: 'ORGANIZATIONS_DISAGREE',
    help: 'The facts say who answered what. One of them runs another contract, holds another ledger, or is far behind: ask its operator. Nothing was done on either answer.',
  },
  VT8128: {
    name: 'ROOTS_NOT_PINNED',
    help: 'The profile pins no organisations, so no answer can be checked. Pin them: `veritrain trust pin`.',
  },
  VT8201: {
    name: 'OBJECT_MISSING',
    help: 'Nothing is stored under this handle: it was not uploaded yet, or was deleted.',
  },
  VT8202: {
    name: 'DIGEST_MISMATCH',
    help: 'The stored bytes are not the ones that were promised. Do not use them; tell who stored them.',
  },
  VT8203: {
    name: 'HANDLE_INVALID',
    help: 'A handle is what `put` returned, or 16 to 128 characters of A-Z, a-z, 0-9, _ and -.',
  },
  VT8204: {
    name: 'HANDLE_TAKEN',
    help: 'Other bytes are stored under this handle. Objects never change: choose another handle.',
  },
  VT8205: {
    name: 'OBJECT_TOO_LARGE',
    help: 'The object exceeds the limit that the caller set, or what the vault takes.',
  },
  VT8206: {
    name: 'OBJECT_NOT_GRANTED',
    help: 'Nothing is stored under this handle, or its owner has not granted it to this member: the vault does not say which.',
  },
  VT8207: {
    name: 'VAULT_UNREACHABLE',
    help: 'Check the endpoint of the vault and the way to it. Nothing is lost: the same call again goes on with what arrived.',
  },
  VT8208: {
    name: 'VAULT_CREDENTIALS_REFUSED',
    help: "The vault does not take this member's credentials: check access key, secret key and session token, or get new ones from who runs the vault.",
  },
  VT8209: {
    name: 'VAULT_BUCKET_MISSING',
    help: 'Check endpoint and bucket in the profile or in VERITRAIN_S3_BUCKET; the bucket is made by who runs the vault.',
  },
  VT8210: {
    name: 'VAULT_UNTRUSTED',
    help: 'Whoever answers there shows no certificate that this machine trusts: check the endpoint, name the CA of the vault in the profile or in VERITRAIN_S3_CA_FILE. Nothing was sent.',
  },
  VT8211: {
    name: 'VAULT_CLOCK_OFF',
    help: 'Set the clock of this machine right (NTP): the vault takes no request from another time than its own.',
  },
  VT8212: {
    name: 'VAULT_FULL',
    help: 'Whoever runs the vault must make room or raise the quota; then store the object again.',
  },
  VT8213: {
    name: 'VAULT_ACCESS_DENIED',
    help: 'This member may not do that there: members store and delete under their own place only. Ask who runs the vault for the policy.',
  },
  VT8214: {
    name: 'VAULT_FAILED',
    help: 'The vault refused for a reason of its own; the facts give its code and status. Its log may say more.',
  },
  VT8215: {
    name: 'VAULT_CREDENTIALS_MISSING',
    help: 'Set VERITRAIN_S3_ACCESS_KEY and VERITRAIN_S3_SECRET_KEY, or name a file of credentials or of a web identity token in the profile.',
  },
  VT8220: {
    name: 'PLACE_UNKNOWN',
    help: 'In this vault every participant has a place of its own. Register first; the profile then says who it is.',
  },
  VT8221: {
    name: 'GRANT_INVALID',
    help: 'Ask who runs the vault for a new grant, made by `veritrain vault init`.',
  },
  VT8222: {
    name: 'MARKET_KEY_INVALID',
    help: 'The key is 32 bytes in hex; take the grant of the vault again with `veritrain vault use`.',
  },
  VT8223: {
    name: 'FILE_IRREGULAR',
    help: 'Only a regular file is read here: no pipe, device, socket or folder, and in a folder of several members no link. Put the content into a file.',
  },
  VT8224: {
    name: 'FILE_TOO_LARGE',
    help: 'The file exceeds what such a file can be: check the path.',
  },
  VT8225: {
    name: 'VAULT_ANSWER_INVALID',
    help: 'Whoever answers as the vault sends what no S3 sends: check the endpoint, and tell who runs it. Nothing of the answer was used.',
  },
  VT8226: {
    name: 'GRANT_UNSIGNED',
    help: 'Do not use it: ask who runs the vault for a new grant, and compare the id of the operator with it.',
  },
  VT8301: {
    name: 'KEYRING_MISSING',
    help: 'Create one with `createKeyring`, or mend the path in the profile.',
  },
  VT8302: {
    name: 'KEYRING_LOCKED',
    help: 'The passphrase or key file is not the one that the keyring was made with, or the file was changed.',
  },
  VT8303: {
    name: 'KEYRING_EXISTS',
    help: 'A keyring is never overwritten: open it, or choose another path.',
  },
  VT8304: {
    name: 'KEY_FILE_EXPOSED',
    help: 'Others can read the key file: run `chmod 600` on it, and make a new one if it may have been read.',
  },
  VT8305: { name: 'KEY_INVALID', help: 'Keys are P-256 as JWK: kty EC, crv P-256, x and y of 32 bytes.' },
  VT8401: {
    name: 'ENVELOPE_UNOPENED',
    help: 'It was sealed to another key, or changed on its way. Ask the sender to seal it again.',
  },
  VT8410: {
    name: 'KEYS_NOT_OF_ID',
    help: 'A participant’s id is a hash over its keys, so the answer was changed: by the peer, or on the way from it. Nothing was sealed. Use the gateway of another organisation, and tell the organisation whose peer was asked.',
  },
  VT8411: {
    name: 'OTHER_RECORD',
    help: 'The answer was changed, by the peer or on the way from it, and was not used. Use the gateway of another organisation, and tell the organisation whose peer was asked.',
  },
  VT8501: {
    name: 'ENROLMENT_FAILED',
    help: "Check the CA's address, TLS root and name, the enrolment id and secret against what the CA said. A secret serves once unless its registrar said otherwise.",
  },
} as const satisfies Record<string, ErrorEntry>;

/** A code of the SDK's own errors. */
export type SdkErrorCode = keyof typeof sdkErrors;
