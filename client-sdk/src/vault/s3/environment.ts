import { readText } from '../../storage/files.js';
import type { S3Options } from './options.js';
import { s3OptionsFrom } from './settings.js';

/** An S3 as `VERITRAIN_S3_*` describes it, for programs that have no profile. @throws PROFILE_INVALID, FILE_UNREADABLE */
export function s3OptionsFromEnvironment(environment: NodeJS.ProcessEnv = process.env): S3Options {
  return s3OptionsFrom({}, environment, (path) => readText(path, 'CA certificate of the vault'));
}
