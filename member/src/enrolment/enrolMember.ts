import { randomBytes } from 'node:crypto';
import { memberError } from '../errors/memberError.js';
import { readUserFile } from '../home/userInput.js';
import type { Connection } from './connectionFile.js';
import { defaultCaName, defaultMspId, type Credentials } from './mspUser.js';

interface EnrolMemberInput {
  /** Base address of the Fabric CA. */
  url: string;
  /** Domain of the organisation, such as `org3.example.com`. */
  organization: string;
  /** Default: by {@link defaultCaName}. */
  caName?: string | undefined;
  mspId?: string | undefined;
  enrolmentId: string;
  /** The one-time secret from the CA's registrar. */
  secret?: string | undefined;
  /** In place of a secret: first registers the id as the CA's registrar. */
  registrar?: { enrolmentId: string; secret: string } | undefined;
  /** Attributes of the certificate, such as `veritrain.roles`. */
  attributes?: Record<string, string> | undefined;
  tlsRootPem?: string | undefined;
}

/** A name without meaning, since every transaction shows it in its certificate. */
export const randomEnrolmentId = (): string => `m-${randomBytes(10).toString('hex')}`;

/** Enrols a member with a Fabric CA: makes a key, which never leaves this machine, and gets a certificate for it. */
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
    throw memberError('VT9001', 'The connection file names no registrar to register members with.', {
      hint: 'Ask the registrar of your CA for a secret and give it with --secret-file. The registrar itself also gives --registrar.',
    });
  }
  const secret = readUserFile(registrar.secretFile, 'registrar secret').trim();
  return { enrolmentId: registrar.enrolmentId, secret };
}
