import { z } from 'zod';
import { issuesOf } from '../../errors/issues.js';
import { sdkError } from '../../errors/veritrainError.js';
import { readText } from '../../storage/files.js';
import {
  type S3Credentials,
  type S3Options,
  namedCredentials,
  s3Bucket,
  s3Endpoint,
  s3Region,
} from './options.js';

const text = z.string().min(1).optional();

/** What `VERITRAIN_S3_*` says; each is as good as unset when empty. */
const environmentSchema = z.object({
  VERITRAIN_S3_ENDPOINT: s3Endpoint.optional(),
  VERITRAIN_S3_BUCKET: s3Bucket.optional(),
  VERITRAIN_S3_REGION: s3Region.optional(),
  VERITRAIN_S3_PATH_STYLE: z.enum(['true', 'false']).optional(),
  VERITRAIN_S3_CA_FILE: text,
  VERITRAIN_S3_CREDENTIALS_FILE: text,
  VERITRAIN_S3_WEB_IDENTITY_TOKEN_FILE: text,
  VERITRAIN_S3_STS_ENDPOINT: s3Endpoint.optional(),
  VERITRAIN_S3_ROLE_ARN: text,
});

/** Where an S3 is and how to get in, as far as somebody said so. */
export interface S3Settings {
  readonly endpoint?: string | undefined;
  readonly bucket?: string | undefined;
  readonly region?: string | undefined;
  readonly pathStyle?: boolean | undefined;
  readonly rootCertificatePem?: string | undefined;
  readonly credentials?: z.infer<typeof namedCredentials> | undefined;
}

/**
 * What was set, and from `VERITRAIN_S3_*` what was not.
 *
 * @param readText reads the CA's certificate
 * @throws PROFILE_INVALID naming what neither says, or what the environment says wrongly; FILE_UNREADABLE
 */
export function s3OptionsFrom(
  set: S3Settings,
  environment: NodeJS.ProcessEnv,
  readText: (path: string) => string,
): S3Options {
  const said = parseEnvironment(environment);
  const caFile = said.VERITRAIN_S3_CA_FILE;
  const rootCertificatePem = set.rootCertificatePem ?? (caFile === undefined ? undefined : readText(caFile));
  const pathStyle = said.VERITRAIN_S3_PATH_STYLE;
  return {
    endpoint: required(set.endpoint ?? said.VERITRAIN_S3_ENDPOINT, 'endpoint', 'ENDPOINT'),
    bucket: required(set.bucket ?? said.VERITRAIN_S3_BUCKET, 'bucket', 'BUCKET'),
    region: set.region ?? said.VERITRAIN_S3_REGION,
    pathStyle: set.pathStyle ?? (pathStyle === undefined ? undefined : pathStyle === 'true'),
    ...(rootCertificatePem === undefined ? {} : { tls: { rootCertificatePem } }),
    credentials: set.credentials ?? credentialsOf(said),
  };
}

/** An S3 as `VERITRAIN_S3_*` describes it, for programs that have no profile. @throws PROFILE_INVALID, FILE_UNREADABLE */
export function s3OptionsFromEnvironment(environment: NodeJS.ProcessEnv = process.env): S3Options {
  return s3OptionsFrom({}, environment, (path) => readText(path, 'CA certificate of the vault'));
}

type Said = z.infer<typeof environmentSchema>;

function parseEnvironment(environment: NodeJS.ProcessEnv): Said {
  const given = Object.entries(environment).filter(([, value]) => value !== '');
  const parsed = environmentSchema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  throw sdkError('VT8001', 'The environment describes no S3.', {
    facts: { issues: issuesOf(parsed.error) },
    hint: 'Mend the named variable of the environment, or unset it.',
  });
}

/** @throws PROFILE_INVALID naming the field and the variable that could say it */
export function required(value: string | undefined, field: string, suffix: string): string {
  if (value !== undefined && value !== '') return value;
  const variable = `VERITRAIN_S3_${suffix}`;
  throw sdkError('VT8001', `The vault has no ${field}.`, {
    facts: { issues: `vault.${field}: neither the profile nor ${variable} names it` },
    hint: `Set ${variable}, or vault.${field} in the profile; commands that run without a profile's vault read the variable alone.`,
  });
}

function credentialsOf(said: Said): S3Credentials {
  if (said.VERITRAIN_S3_CREDENTIALS_FILE !== undefined)
    return { kind: 'file', path: said.VERITRAIN_S3_CREDENTIALS_FILE };
  if (said.VERITRAIN_S3_WEB_IDENTITY_TOKEN_FILE === undefined) return { kind: 'environment' };
  return {
    kind: 'webIdentity',
    tokenFile: said.VERITRAIN_S3_WEB_IDENTITY_TOKEN_FILE,
    endpoint: said.VERITRAIN_S3_STS_ENDPOINT,
    roleArn: said.VERITRAIN_S3_ROLE_ARN,
  };
}
