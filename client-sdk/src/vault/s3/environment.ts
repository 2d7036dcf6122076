import { readFileSync } from 'node:fs';
import { sdkError } from '../../errors/veritrainError.js';
import type { S3Options } from './options.js';
import { s3OptionsFrom } from './settings.js';

/** An S3 as `VERITRAIN_S3_*` describes it, for programs that have no profile. @throws PROFILE_INVALID, FILE_UNREADABLE */
export function s3OptionsFromEnvironment(environment: NodeJS.ProcessEnv = process.env): S3Options {
  return s3OptionsFrom({}, environment, (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch (cause) {
      throw sdkError('VT8002', `The CA certificate of the vault at ${path} cannot be read.`, {
        facts: { path },
        cause,
      });
    }
  });
}
