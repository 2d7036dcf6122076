import { describe, expect, it } from 'vitest';
import { failureOf, passing } from './failure.js';
import { S3Refusal } from './refusal.js';
import { Tries, retrying } from './retry.js';

const coded = (code: string): Error => expect.objectContaining({ code }) as Error;
const timing = { firstMs: 1, longestMs: 2, retryForMs: 60_000, silenceMs: 1000, minBytesPerSecond: 1000 };
const network = (code: string): Error => Object.assign(new Error(code), { code });
const place = { endpoint: 'https://vault.example.com', bucket: 'market' };

describe('what is tried again', () => {
  it.each([
    new S3Refusal(500, 'InternalError', ''),
    new S3Refusal(503, 'SlowDown', ''),
    new S3Refusal(503, '', ''),
    new S3Refusal(429, '', ''),
    new S3Refusal(409, 'ConditionalRequestConflict', ''),
    new S3Refusal(400, 'BadDigest', ''),
    network('ECONNRESET'),
    network('ECONNREFUSED'),
    network('ETIMEDOUT'),
    network('EAI_AGAIN'),
  ])('$message, until it succeeds', async (error) => {
    let left = 3;
    const work = (): Promise<string> => (left-- > 0 ? Promise.reject(error) : Promise.resolve('done'));
    await expect(retrying(work, timing, undefined)).resolves.toBe('done');
    expect(left).toBe(-1);
  });

  it.each([
    new S3Refusal(403, 'AccessDenied', ''),
    new S3Refusal(404, 'NoSuchKey', ''),
    new S3Refusal(507, 'XMinioStorageFull', ''),
    new S3Refusal(503, 'QuotaExceeded', ''),
    network('ENOTFOUND'),
    network('CERT_HAS_EXPIRED'),
    new TypeError('a bug'),
  ])('$message is not', async (error) => {
    let calls = 0;
    const work = (): Promise<void> => {
      calls += 1;
      return Promise.reject(error);
    };
    await expect(retrying(work, timing, undefined)).rejects.toBe(error);
    expect(calls).toBe(1);
  });

  it('waits as long as the server asks, and gives up at once where that is longer than its time', async () => {
    const busy = new S3Refusal(503, 'SlowDown', '', 120_000);
    expect(passing(busy)).toEqual({ afterMs: 120_000 });
    const starting = new S3Refusal(503, 'XMinioServerNotInitialized', '', 60_000);
    expect(passing(starting)).toEqual({ afterMs: 0 });
    await expect(new Tries(timing, undefined).again(busy)).rejects.toBe(busy);
  });

  it('ends with the last error when its time is up, and has all of it again after progress', async () => {
    const error = network('ECONNRESET');
    const tries = new Tries({ ...timing, retryForMs: 0 }, undefined);
    await expect(tries.again(error)).rejects.toBe(error);
    const patient = new Tries(timing, undefined);
    await patient.again(error);
    patient.progress(1);
    await expect(patient.again(error)).resolves.toBeUndefined();
  });

  it('stops at once when it is aborted, in the middle of a wait too', async () => {
    const stop = new AbortController();
    const error = new S3Refusal(503, 'SlowDown', '', 50_000);
    const waiting = new Tries(timing, stop.signal).again(error);
    stop.abort();
    await expect(waiting).rejects.toThrow(coded('VT8005'));
    const never = (): Promise<void> => Promise.reject(new Error('it was called'));
    await expect(retrying(never, timing, stop.signal)).rejects.toThrow(coded('VT8005'));
  });
});

describe('what happened, as a code', () => {
  it.each([
    [new S3Refusal(404, 'NoSuchKey', ''), 'read', 'VT8201'],
    [new S3Refusal(403, 'AccessDenied', ''), 'read', 'VT8206'],
    [new S3Refusal(403, '', ''), 'read', 'VT8206'],
    [new S3Refusal(403, 'AccessDenied', ''), 'write', 'VT8213'],
    [new S3Refusal(403, 'AccessDenied', ''), 'list', 'VT8213'],
    [new S3Refusal(403, 'AccessDenied', ''), 'identify', 'VT8208'],
    [new S3Refusal(403, 'ExpiredToken', ''), 'read', 'VT8208'],
    [new S3Refusal(403, 'RequestTimeTooSkewed', ''), 'read', 'VT8211'],
    [new S3Refusal(503, 'SlowDown', ''), 'write', 'VT8207'],
    [new S3Refusal(400, 'EntityTooLarge', ''), 'write', 'VT8205'],
    [new S3Refusal(409, 'QuotaExceeded', ''), 'write', 'VT8212'],
    [new S3Refusal(301, 'PermanentRedirect', ''), 'read', 'VT8214'],
    [network('DEPTH_ZERO_SELF_SIGNED_CERT'), 'read', 'VT8210'],
    [network('ERR_TLS_CERT_ALTNAME_INVALID'), 'read', 'VT8210'],
    [network('EHOSTUNREACH'), 'read', 'VT8207'],
    [network('ENOTFOUND'), 'read', 'VT8207'],
    [new Error('whatever'), 'read', 'VT8214'],
  ] as const)('%s, asked to %s, is %s', (error, purpose, code) => {
    const failure = failureOf(error, place, { purpose, handle: 'h' });
    expect(failure).toMatchObject({ code, cause: error, facts: { ...place, handle: 'h' } });
  });
});
