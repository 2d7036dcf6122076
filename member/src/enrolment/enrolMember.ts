import { randomBytes } from 'node:crypto';
import { memberError } from '../errors/memberError.js';
import type { Connection } from './connectionFile.js';
import { readUserFile } from '../home/files.js';
import { defaultCaName, defaultMspId, type Credentials } from './mspUser.js';

export interface EnrolMemberInput {
  /** Base address of the Fabric CA. */
  url: string;
  /** Domain of the organisation, such as `org3.example.com`. */
  organization: string;
  /** Default: as {@link defaultCaName} makes it. */
  caName?: string | undefined;
  mspId?: string | undefined;
  enrolmentId: string;
  /** The one-time secret that the CA's registrar gave. */
  secret?: string | undefined;
  /** In place of a secret: registers the id first, as the CA's registrar. */
  registrar?: { enrolmentId: string; secret: string } | undefined;
  /** Attributes of the certificate, such as `veritrain.roles`. */
  attributes?: Record<string, string> | undefined;
  tlsRootPem?: string | undefined;
}

/** A name that says nothing: it stands in the certificate, and that in every transaction. */
export const randomEnrolmentId = (): string => `m-${randomBytes(10).toString('hex')}`;

/** Enrols a member with a Fabric CA: a fresh key, which never leaves this machine, and a certificate for it. */
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

/** The registrar that a development ledger names in its connection file. */
export function registrarOf({ registrar }: Connection): { enrolmentId: string; secret: string } {
  if (registrar === undefined) {
    throw memberError('VT9001', 'The connection file names no registrar, so nobody can be registered.', {
      hint: 'Ask the registrar of your CA for a secret and give it with --secret-file.',
    });
  }
  const secret = readUserFile(registrar.secretFile, 'registrar secret').trim();
  return { enrolmentId: registrar.enrolmentId, secret };
}
