import { z } from 'zod';
import { participantId } from '../ids.js';
import { participant, participantFields } from '../participant.js';
import { pageInput, pageOf } from '../primitives.js';
import { role } from '../roles.js';
import { conductRecord } from '../conduct.js';
import { whoAmI } from '../views.js';
import { example } from './examples.js';
import { evaluate, submit } from './specification.js';

export const participantTransactions = {
  RegisterParticipant: submit({
    name: 'RegisterParticipant',
    method: 'participants.register',
    contract: 'ParticipantContract',
    who: 'any identity of the channel, once; if the market requires it, with roles from its certificate',
    summary: 'Binds public keys and roles to the caller’s identity, under the id that the keys hash to.',
    input: z.strictObject(participantFields),
    output: participant,
    example: {
      participantId: example.host,
      roles: ['cloudOwner'],
      signingKey: example.signingKey,
      encryptionKey: example.encryptionKey,
    },
    events: ['ParticipantRegistered'],
    errors: ['ID_NOT_OF_KEYS', 'IDENTITY_TAKEN', 'ROLE_NOT_CERTIFIED', 'CONFLICT'],
  }),
  WhoAmI: evaluate({
    name: 'WhoAmI',
    method: 'participants.whoAmI',
    contract: 'ParticipantContract',
    summary: 'The calling identity as the ledger knows it, with its participant if it has one.',
    input: z.strictObject({}),
    output: whoAmI,
    example: {},
    errors: [],
  }),
  GetParticipant: evaluate({
    name: 'GetParticipant',
    method: 'participants.get',
    contract: 'ParticipantContract',
    summary: 'A participant by id.',
    input: z.strictObject({ participantId }),
    output: participant,
    example: { participantId: example.host },
    errors: ['NOT_FOUND'],
  }),
  ListParticipants: evaluate({
    name: 'ListParticipants',
    method: 'participants.list',
    contract: 'ParticipantContract',
    summary: 'Participants, all or those with one role.',
    input: z.strictObject({ role: role.optional(), ...pageInput }),
    output: pageOf(participant),
    example: { role: 'cloudOwner', pageSize: 20 },
    errors: [],
  }),
  ListConduct: evaluate({
    name: 'ListConduct',
    method: 'participants.listConduct',
    contract: 'ParticipantContract',
    summary: 'The conduct records of a participant, all or those of one couple.',
    input: z.strictObject({ participantId, coupleId: z.string().max(43).optional(), ...pageInput }),
    output: pageOf(conductRecord),
    example: { participantId: example.host },
    errors: ['NOT_FOUND'],
  }),
} as const;
