import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** Everything that a fresh process has loaded once it imported a module: ES modules and CommonJS alike. */
function loadedBy(specifier: string): string[] {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = new Set();
    registerHooks({
      load(url, context, nextLoad) {
        loaded.add(url);
        return nextLoad(url, context);
      },
    });
    await import(${JSON.stringify(import.meta.resolve(specifier))});
    process.stdout.write(JSON.stringify([...loaded]));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  });
  return JSON.parse(output) as string[];
}

const packagesOf = (urls: string[]): Set<string> =>
  new Set(
    urls.flatMap((url) => {
      const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
      return name === undefined ? [] : [name];
    }),
  );

const heavy = [
  'fabric-shim',
  'fabric-contract-api',
  '@peculiar/x509',
  'minio',
  'node-seal',
  '@tensorflow/tfjs',
];

describe('what importing loads', () => {
  it.each(['@veritrain/client-sdk', '@veritrain/client-sdk/errors', '@veritrain/client-sdk/enrolment'])(
    '%s loads nothing heavy unasked',
    (specifier) => {
      const packages = packagesOf(loadedBy(specifier));
      for (const name of heavy) expect(packages).not.toContain(name);
      expect([...packages].filter((name) => name.startsWith('@tensorflow/'))).toEqual([]);
    },
  );

  it.each(['keys', 'vault', 'protocol', 'schemas'])('/%s loads no gateway client', (entry) => {
    const packages = packagesOf(loadedBy(`@veritrain/client-sdk/${entry}`));
    for (const name of ['@hyperledger/fabric-gateway', '@grpc/grpc-js']) expect(packages).not.toContain(name);
  });

  it('the sub-export of S3 loads its client, and no gateway client', () => {
    const packages = packagesOf(loadedBy('@veritrain/client-sdk/s3'));
    expect(packages).toContain('minio');
    expect(packages).not.toContain('@hyperledger/fabric-gateway');
  });

  it('the SDK loads the gateway client, and its errors alone load no package', () => {
    const sdk = loadedBy('@veritrain/client-sdk');
    // google-protobuf is only ever required, by CommonJS: the list sees that way of loading, too.
    for (const name of ['@hyperledger/fabric-gateway', 'google-protobuf'])
      expect(packagesOf(sdk)).toContain(name);
    expect(sdk.filter((url) => url.includes('/chaincode/'))).toEqual([]);
    const errors = loadedBy('@veritrain/client-sdk/errors');
    expect(errors.some((url) => url.includes('/errors'))).toBe(true);
    expect([...packagesOf(errors)]).toEqual([]);
  });
});
