import { z } from 'zod';
import { hostAndPort, webAddress } from '@veritrain/member/addresses';
import { roleNames } from './values.js';

export const initInput = z.strictObject({
  name: z.string().regex(/^[0-9a-z][0-9a-z-]{0,62}$/, 'must be of lower-case letters, digits and dashes'),
  connect: z.string().min(1).optional(),
  fabric: z.string().min(1).optional(),
  peer: z.string().min(1).optional(),
  gateway: hostAndPort.optional(),
  channel: z.string().min(1).optional(),
  chaincode: z.string().min(1).optional(),
  organization: z.string().min(1).optional(),
  user: z.string().min(1).optional(),
  organizations: z.string().min(1).optional(),
  mspId: z.string().min(1).optional(),
  wallet: z.string().min(1).optional(),
  identity: z.string().min(1).optional(),
  enrol: z.string().min(1).optional(),
  secretFile: z.string().min(1).optional(),
  register: z.boolean().default(false),
  registrar: z.string().min(1).optional(),
  ca: webAddress.optional(),
  caName: z.string().min(1).optional(),
  role: z.array(z.enum(roleNames)).optional(),
  tlsRoot: z.string().min(1).optional(),
  vault: z.string().min(1).optional(),
});
export type InitInput = z.output<typeof initInput>;

export const initOptions = [
  ['--connect <file>', "a ledger's connection file, its data folder, or - for standard input"],
  ['--fabric <folder>', "a Fabric network's organisations folder, or a connection profile"],
  ['--organization <domain>', 'such as org1.example.com (default: the only one)'],
  ['--peer <name>', "the peer to talk to (default: the organisation's first)"],
  ['--gateway <host:port>', 'its address, where no connection profile says it'],
  ['--channel <name>', 'with --fabric (default mychannel)'],
  ['--chaincode <name>', 'with --fabric (default veritrain)'],
  ['--user <user>', 'take this user of the organisations folder'],
  ['--organizations <folder>', "organisations folder (default: the network's own)"],
  ['--msp-id <id>', 'default: Org1MSP for org1.example.com'],
  ['--wallet <folder>', "take an identity of fabric-network's wallet folder"],
  ['--identity <label>', 'which one'],
  ['--enrol <id>', 'enrol this id with a Fabric CA'],
  ['--secret-file <file>', 'its one-time secret (or VERITRAIN_ENROLMENT_SECRET)'],
  ['--register', 'register first, under a random id or that of --enrol (development)'],
  ['--registrar <id>', "as this registrar of the CA, with its secret (default: the ledger's own)"],
  ['--ca <url>', "default: the connection's own"],
  ['--ca-name <name>', 'default: ca-org1 for org1.example.com'],
  ['--role <role...>', 'with --register: roles that the certificate grants'],
  ['--tls-root <file>', 'root certificate of the gateway and the CA'],
  ['--vault <folder>', "the market's vault (default: $VERITRAIN_HOME/vault)"],
] as const;
