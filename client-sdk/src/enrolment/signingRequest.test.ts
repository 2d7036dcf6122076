import 'reflect-metadata';
import { Pkcs10CertificateRequest } from '@peculiar/x509';
import { expect, it } from 'vitest';
import { newSigningRequest } from './signingRequest.js';

it.each(['host-1', 'jürgen', 'a+b, c', '"quoted"', 'back\\slash', '#2'])(
  'asks for a certificate with the name as it is: %s',
  async (name) => {
    const { requestPem } = await newSigningRequest(name);
    expect(new Pkcs10CertificateRequest(requestPem).subjectName.getField('CN')).toEqual([name]);
  },
);
