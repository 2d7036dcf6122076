import { randomBytes } from 'node:crypto';
import { memberError } from '../errors/memberError.js';
import { readUserFile } from '../home/userInput.js';
import type { Connection } from './connectionFile.js';
import { defaultCaName, defaultMspId, type Credentials } from './mspUser.js';

/** What `enrolMember` needs: a secret, or a registrar. */
export interface EnrolMemberInput {
  /** Base address of the Fabric CA. */
  url: string;
  /** Domain of the organisation, such as `org3.example.com`. */
  organization: string;
  /** The CA's `caname`. Default: by {@link defaultCaName}. */
  caName?: string | undefined;
  /** The MSP id of the organisation. Default: by its domain, `Org3MSP` for `org3.example.com`. */
  mspId?: string | undefined;
  /** The name under which the CA knows the member. The certificate shows it to everyone on the ledger. */
  enrolmentId: string;
  /** The one-time secret from the CA's registrar. */
  secret?: string | undefined;
  /** In place of a secret: first registers the id as the CA's registrar. */
  registrar?: Registrar | undefined;
  /** Attributes of the certificate, such as `veritrain.roles`. */
  attributes?: Record<string, string> | undefined;
  /** The certificate that the CA's TLS certificate is issued by, PEM. Default: the roots that Node trusts. */
  tlsRootPem?: string | undefined;
}

/** The registrar of a CA, who may register new members. */
export interface Registrar {
  /** Its own name at the CA. */
  enrolmentId: string;
  /** Its secret. */
  secret: string;
}

/** A name without meaning, since every transaction shows it in its certificate. */
export const randomEnrolmentId = (): string => `m-${randomBytes(10).toString('hex')}`;

/**
 * Enrols a member with a Fabric CA: makes a key, which never leaves this machine, and gets a certificate for it.
 *
 * @throws WRONG_ARGUMENT without secret and registrar; ENROLMENT_FAILED
 */
export async function enrolMember(input: EnrolMemberInput): Promise<Credentials> {
  const { enrol, register } = await import('@veritrain/client-sdk/enrolment');
  const mspId = input.mspId ?? defaultMspId(input.organization);
  const name = input.caName ?? defaultCaName(input.organization);
  const ca = {
    url: input.url,
    name,
    ...(input.tlsRootPem === undefined ? {} : { tlsRootPem: input.tlsRootPem }),
  };
  const attributes = Object.entries(input.attributes ?? {});
  let { secret } = input;
  if (input.registrar !== undefined) {
    const registrar = await enrol({ ca, mspId, ...input.registrar });
    secret ??= randomBytes(24).toString('base64url');
    await register({
      ca,
      registrar,
      enrolmentId: input.enrolmentId,
      secret,
      attributes: attributes.map(([attribute, value]) => ({ name: attribute, value, ecert: true })),
    });
  }
  if (secret === undefined) throw memberError('VT9001', 'There is no secret to enrol with.');
  return enrol({ ca, mspId, enrolmentId: input.enrolmentId, secret });
}

/**
 * The registrar that a development ledger names in its connection file.
 *
 * @throws WRONG_ARGUMENT if it names none; FILE_MISSING
 */
export function registrarOf({ registrar }: Connection): Registrar {
  if (registrar === undefined) {
    throw memberError('VT9001', 'The connection file names no registrar to register members with.', {
      hint: 'Ask the registrar of your CA for a secret and give it with --secret-file. The registrar itself also gives --registrar.',
    });
  }
  const secret = readUserFile(registrar.secretFile, 'registrar secret').trim();
  return { enrolmentId: registrar.enrolmentId, secret };
}
