import fc from 'fast-check';
import { transactions } from '@veritrain/chaincode/domain';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { profileSchema } from './profile/profile.js';
import { s3Endpoint } from './vault/s3/options.js';
import { s3OptionsFromEnvironment } from './vault/s3/settings.js';
import { isVeritrainError } from './errors/veritrainError.js';

/** What people type in place of an address, a path or a name. */
const typed = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc
    .tuple(
      fc.constantFrom('', 'http://', 'https:', '"http://', 'ftp://', 'http://u:p@', 'http://[', ' '),
      fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.constantFrom('localhost', '[::1]', 'x y')),
      fc.oneof(
        fc.nat().map((port) => `:${port}`),
        fc.constantFrom('', '"', '/a', '?x=1', '#', ':', '\ufeff'),
      ),
    )
    .map((parts) => parts.join('')),
);

/** A value with each of its strings, at any depth, replaced by one that was typed. */
function retyped(value: unknown, strings: readonly string[], at = { next: 0 }): unknown {
  if (typeof value === 'string') return strings[at.next++ % strings.length];
  if (Array.isArray(value)) return value.map((each) => retyped(each, strings, at));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, retyped(each, strings, at)]));
}

const pem = { pem: '-----BEGIN CERTIFICATE-----' };
const profile = {
  schemaVersion: 1,
  name: 'x',
  gateway: { address: 'x', tls: { rootCertificate: { path: 'x' }, serverName: 'x' } },
  certificateAuthority: { url: 'x', name: 'x' },
  organizations: [{ mspId: 'x', rootCertificates: [pem] }],
  vault: {
    kind: 's3',
    endpoint: 'x',
    bucket: 'x',
    credentials: { kind: 'webIdentity', tokenFile: 'x', endpoint: 'x' },
  },
};

const schemas: [name: string, schema: z.ZodType, example: unknown][] = [
  ['a profile', profileSchema, profile],
  ...Object.entries(transactions).map(([name, { input, example }]): [string, z.ZodType, unknown] => [
    name,
    input,
    example,
  ]),
];

describe('no schema throws anything but its own error, whatever is typed', () => {
  it.each(schemas)('%s', (_, schema, example) => {
    fc.assert(
      fc.property(fc.array(typed, { minLength: 1, maxLength: 20 }), (strings) => {
        expect(() => schema.safeParse(retyped(example, strings))).not.toThrow();
        expect(() => schema.safeParse(strings[0])).not.toThrow();
      }),
    );
  });

  it('an endpoint, which is then an origin and nothing else', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const parsed = s3Endpoint.safeParse(text);
        if (!parsed.success) return;
        const url = new URL(parsed.data);
        expect(url.href).toBe(`${url.origin}/`);
      }),
      { numRuns: 1000 },
    );
  });

  it('the environment, which the hint then speaks of', () => {
    const variables = ['ENDPOINT', 'BUCKET', 'REGION', 'PATH_STYLE', 'STS_ENDPOINT', 'ROLE_ARN'];
    fc.assert(
      fc.property(fc.array(typed, { minLength: 1, maxLength: variables.length }), (strings) => {
        const environment = Object.fromEntries(
          variables.map((name, index) => [`VERITRAIN_S3_${name}`, strings[index % strings.length]]),
        );
        try {
          s3OptionsFromEnvironment(environment);
        } catch (error) {
          if (!isVeritrainError(error, 'VT8001')) throw error;
          expect(error.hint).toMatch(/environment|VERITRAIN_S3_/);
        }
      }),
    );
  });
});

it.each([
  '127.0.0.1:9000',
  '"http://127.0.0.1:9000"',
  'http://127.0.0.1:99999',
  'http://',
  'http://127.0.0.1:9000?x=1',
  'http://127.0.0.1:9000#x',
  'http://:secret@127.0.0.1:9000',
])('the endpoint %s is refused', (endpoint) => {
  expect(s3Endpoint.safeParse(endpoint).success).toBe(false);
});

it.each(['http://[::1]:9000', 'https://s3.example.com/', 'http://127.0.0.1:9000'])(
  'the endpoint %s is taken',
  (endpoint) => {
    expect(s3Endpoint.safeParse(endpoint).success).toBe(true);
  },
);

it.each([
  ['[::1]:7051', true],
  ['[fe80::1]:7051', true],
  ['localhost:7051', true],
  ['::1:7051', false],
  ['[::1]', false],
  ['[localhost]:7051', false],
])('the gateway %s: %s', (address, taken) => {
  expect(profileSchema.shape.gateway.safeParse({ address }).success).toBe(taken);
});
