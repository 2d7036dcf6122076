import { expect, it } from 'vitest';
import { failureOf } from './failure.js';
import { S3Refusal } from './refusal.js';

const place = { endpoint: 'https://vault.example.com', bucket: 'market' };

it.each(['constructor', 'toString', '__proto__'])(
  'an answer whose code is the name %s, which every object has, is a refusal like any other',
  (code) => {
    const failure = failureOf(new S3Refusal(418, code, 'no'), place, { purpose: 'read' });
    expect(failure).toMatchObject({ code: 'VT8214', facts: { status: 418, s3Code: code } });
  },
);
