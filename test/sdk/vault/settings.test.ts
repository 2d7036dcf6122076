import { describe, expect, it } from 'vitest';
import { type S3Options, s3OptionsFromEnvironment, s3Vault } from '@veritrain/client-sdk/s3';

const bucket = 'vault';
const coded = (code: string): Error => expect.objectContaining({ code }) as Error;

describe('an S3 that is described badly', () => {
  const good: S3Options = { endpoint: 'http://127.0.0.1:1', bucket, credentials: { kind: 'environment' } };
  it.each([
    ['endpoint', { endpoint: 'ftp://127.0.0.1' }],
    ['endpoint', { endpoint: 'http://127.0.0.1/path' }],
    ['endpoint', { endpoint: 'http://key:secret@127.0.0.1' }],
    ['bucket', { bucket: 'Not/A/Bucket' }],
    ['credentials', { credentials: { kind: 'none' } as unknown as S3Options['credentials'] }],
  ])('is refused, and the field %s named', (field, change) => {
    expect(() => s3Vault({ ...good, ...change })).toThrow(coded('VT8001'));
    expect(() => s3Vault({ ...good, ...change })).toThrow(
      expect.objectContaining({ facts: { issues: expect.stringContaining(field) } }) as Error,
    );
  });

  it('names the variable that is missing, or wrong', () => {
    const variables = { VERITRAIN_S3_ENDPOINT: 'http://127.0.0.1:1' };
    for (const [environment, said] of [
      [variables, 'VERITRAIN_S3_BUCKET'],
      [
        { ...variables, VERITRAIN_S3_BUCKET: bucket, VERITRAIN_S3_PATH_STYLE: 'yes' },
        'VERITRAIN_S3_PATH_STYLE',
      ],
      [{ VERITRAIN_S3_BUCKET: bucket, VERITRAIN_S3_ENDPOINT: '' }, 'VERITRAIN_S3_ENDPOINT'],
    ] as const)
      expect(() => s3OptionsFromEnvironment(environment)).toThrow(
        expect.objectContaining({
          code: 'VT8001',
          facts: { issues: expect.stringContaining(said) },
        }) as Error,
      );
  });
});

describe('where an S3’s objects lie', () => {
  const handle = 'a'.repeat(64);
  const credentials = { kind: 'static', accessKey: 'key', secretKey: 'secret' } as const;
  it.each([
    ['under the bucket’s name', {}, `https://s3.example.com:9000/vault/aa/${handle}`],
    ['at the bucket’s own host', { pathStyle: false }, `https://vault.s3.example.com:9000/aa/${handle}`],
    ['at a host by its number', { endpoint: 'http://[::1]:9000' }, `http://[::1]:9000/vault/aa/${handle}`],
  ])('%s', async (_, change, expected) => {
    const endpoint = 'https://s3.example.com:9000';
    const vault = s3Vault({ endpoint, bucket, region: 'eu-central-1', credentials, ...change });
    const address = new URL(await vault.presignGet(handle, { expiresInMs: 1500 }));
    expect(address.origin + address.pathname).toBe(expected);
    expect(address.searchParams.get('X-Amz-Credential')).toMatch(
      /^key\/\d{8}\/eu-central-1\/s3\/aws4_request$/,
    );
    expect(address.searchParams.get('X-Amz-Expires')).toBe('2');
  });
});
