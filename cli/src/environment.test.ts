import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readEnvironment } from './environment.js';

it('takes an empty variable for none, and ~ for the home folder in paths alone', () => {
  const environment = {
    HOME: '',
    VERITRAIN_HOME: '~/market',
    VERITRAIN_FABRIC_BIN: '~',
    VERITRAIN_S3_CA_FILE: './~/ca.pem',
    VERITRAIN_PROFILE: '',
    VERITRAIN_PASSPHRASE: '~/secret',
  };
  readEnvironment(environment);
  expect(environment).toEqual({
    HOME: '',
    VERITRAIN_HOME: join(homedir(), 'market'),
    VERITRAIN_FABRIC_BIN: homedir(),
    VERITRAIN_S3_CA_FILE: './~/ca.pem',
    VERITRAIN_PASSPHRASE: '~/secret',
  });
});
