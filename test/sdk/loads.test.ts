import { describe, expect, it } from 'vitest';
import { loadedBy, packagesOf } from '../support/loaded.js';

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

  it('training loads the writer of ONNX files by its sub-export alone', () => {
    expect(packagesOf(loadedBy('@veritrain/training'))).not.toContain('protobufjs');
    expect(packagesOf(loadedBy('@veritrain/training/onnx'))).toContain('protobufjs');
  });

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
