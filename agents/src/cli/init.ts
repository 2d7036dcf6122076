import type { Command } from 'commander';
import { z } from 'zod';
import { AgentsError } from '../actions/agentsError.js';
import { fields } from './text.js';
import { roleNames } from './values.js';
import { verb } from './verb.js';

const input = z.strictObject({
  name: z.string().regex(/^[0-9a-z][0-9a-z-]{0,62}$/, 'must be of lower-case letters, digits and dashes'),
  connect: z.string().min(1),
  organization: z.string().min(1),
  user: z.string().min(1).optional(),
  organizations: z.string().min(1).optional(),
  mspId: z.string().min(1).optional(),
  enrol: z.string().min(1).optional(),
  secretFile: z.string().min(1).optional(),
  register: z.boolean().default(false),
  ca: z.url().optional(),
  caName: z.string().min(1).optional(),
  role: z.array(z.enum(roleNames)).optional(),
  tlsRoot: z.string().min(1).optional(),
  vault: z.string().min(1).optional(),
});
type InitInput = z.output<typeof input>;

/** `veritrain init` */
export function initCommand(): Command {
  return verb({
    name: 'init',
    summary: 'make a profile: an identity, a keyring, a market to connect to',
    details: [
      'The identity comes from an organisations folder (--user) or from a Fabric CA (--enrol). The keyring is locked with VERITRAIN_PASSPHRASE, or with a key file beside it.',
      'Profiles live under VERITRAIN_HOME (~/.veritrain). Nothing is sent but the enrolment.',
    ],
    arguments: [['<name>', 'what this profile is called here']],
    options: [
      ['--connect <file>', "a ledger's connection file, its data folder, or - for standard input"],
      ['--organization <domain>', 'such as org1.example.com'],
      ['--user <user>', 'take this user of the organisations folder'],
      ['--organizations <folder>', "organisations folder (default: the connection file's)"],
      ['--msp-id <id>', 'default: Org1MSP for org1.example.com'],
      ['--enrol <id>', 'enrol this id with a Fabric CA'],
      ['--secret-file <file>', 'its one-time secret (or VERITRAIN_ENROLMENT_SECRET)'],
      ['--register', "register the id first, with the connection file's registrar (development)"],
      ['--ca <url>', "default: the connection file's"],
      ['--ca-name <name>', 'default: ca-org1 for org1.example.com'],
      ['--role <role...>', 'with --register: roles that the certificate grants'],
      ['--tls-root <file>', "root certificate of gateway and CA (default: the connection file's)"],
      ['--vault <folder>', "the market's vault (default: $VERITRAIN_HOME/vault)"],
    ],
    local: true,
    examples: [
      'veritrain init hospital --connect market --organization org1.example.com --user User1',
      'veritrain init alder --connect market --organization org3.example.com --enrol alder --register',
      'veritrain init lab --connect fabric.json --organization org2.example.com --enrol lab --secret-file secret.txt',
    ],
    input,
    run: async (given) => {
      const { veritrainHome, profilesFolder } = await import('../actions/member.js');
      const { readConnection, tlsOf } = await import('../actions/connectionFile.js');
      const { createProfile } = await import('../actions/createProfile.js');
      const connection = readConnection(given.connect);
      const tls = tlsOf(connection, given.tlsRoot);
      const credentials = await credentialsOf(given, connection, tls?.rootCertificatePem);
      const passphrase = process.env.VERITRAIN_PASSPHRASE;
      const home = await createProfile({
        name: given.name,
        folder: `${profilesFolder()}/${given.name}`,
        connection,
        tls,
        credentials,
        vault: given.vault ?? `${veritrainHome()}/vault`,
        passphrase,
      });
      const data = {
        profile: given.name,
        folder: home.folder,
        mspId: credentials.mspId,
        gateway: connection.gateway,
        channel: connection.channel,
        chaincode: connection.chaincode,
        keyringLock: passphrase === undefined ? 'keyFile' : 'passphrase',
      };
      const text = fields([
        ['Profile', data.profile],
        ['Folder', data.folder],
        ['Organisation', data.mspId],
        ['Gateway', `${data.gateway}, channel ${data.channel}, chaincode ${data.chaincode}`],
        [
          'Keyring',
          passphrase === undefined ? 'locked with a key file beside it' : 'locked with VERITRAIN_PASSPHRASE',
        ],
      ]);
      return { data, text, next: `veritrain doctor --profile ${given.name}` };
    },
  });
}

type Connection = import('../actions/connectionFile.js').Connection;
type Credentials = import('../actions/mspUser.js').Credentials;

function credentialsOf(given: InitInput, connection: Connection, tlsRootPem?: string): Promise<Credentials> {
  if ((given.user === undefined) === (given.enrol === undefined)) {
    throw new AgentsError('VT9001', 'Say where the identity comes from: --user, or --enrol, one of them.');
  }
  return given.user === undefined
    ? enrolled(given, connection, tlsRootPem)
    : ofUser(given, given.user, connection);
}

async function ofUser(given: InitInput, user: string, connection: Connection): Promise<Credentials> {
  const { readMspUser } = await import('../actions/mspUser.js');
  const organizations = given.organizations ?? connection.organizations;
  if (organizations === undefined) {
    throw new AgentsError(
      'VT9001',
      'The connection file names no organisations folder: give --organizations.',
    );
  }
  return readMspUser({ organizations, organization: given.organization, user, mspId: given.mspId });
}

async function enrolled(given: InitInput, connection: Connection, tlsRootPem?: string): Promise<Credentials> {
  const { enrolMember, registrarOf } = await import('../actions/enrolMember.js');
  const url = given.ca ?? connection.ca;
  if (url === undefined) throw new AgentsError('VT9001', 'The connection file names no CA: give --ca.');
  return enrolMember({
    url,
    organization: given.organization,
    caName: given.caName,
    mspId: given.mspId,
    enrolmentId: given.enrol ?? '',
    tlsRootPem,
    ...(given.register ? { registrar: registrarOf(connection) } : { secret: await enrolmentSecret(given) }),
    attributes: given.role === undefined ? {} : { 'veritrain.roles': given.role.join(' ') },
  });
}

/** Never an argument: those show in the list of processes. */
async function enrolmentSecret({ secretFile }: InitInput): Promise<string> {
  const { readUserFile } = await import('../actions/files.js');
  const secret =
    secretFile === undefined
      ? process.env.VERITRAIN_ENROLMENT_SECRET
      : readUserFile(secretFile, 'secret').trim();
  if (secret !== undefined && secret !== '') return secret;
  throw new AgentsError('VT9001', 'Enrolling takes the secret that the registrar gave.', {
    hint: 'Give --secret-file or VERITRAIN_ENROLMENT_SECRET; in a development market --register does without.',
  });
}
