import { z } from 'zod';
import { modelId, participantId } from '../ids.js';
import { model, modelFields } from '../model.js';
import { pageInput, pageOf } from '../primitives.js';
import { example, exampleDigest } from './examples.js';
import { evaluate, submit } from './specification.js';

export const modelTransactions = {
  RegisterModel: submit({
    name: 'RegisterModel',
    method: 'models.register',
    contract: 'ModelContract',
    who: 'a model owner',
    summary: 'Pins training program, architecture and protection.',
    input: z.strictObject(modelFields),
    output: model,
    example: {
      modelId: example.model,
      programDigest: exampleDigest('4d'),
      architectureDigest: exampleDigest('5e'),
      protection: 'encrypted',
    },
    events: ['ModelRegistered'],
    errors: ['ID_OF_ANOTHER', 'NOT_REGISTERED', 'MISSING_ROLE', 'ROLE_NOT_CERTIFIED', 'CONFLICT'],
  }),
  GetModel: evaluate({
    name: 'GetModel',
    method: 'models.get',
    contract: 'ModelContract',
    summary: 'A model by id.',
    input: z.strictObject({ modelId }),
    output: model,
    example: { modelId: example.model },
    errors: ['NOT_FOUND'],
  }),
  ListModels: evaluate({
    name: 'ListModels',
    method: 'models.list',
    contract: 'ModelContract',
    summary: 'Models, all or those of one owner.',
    input: z.strictObject({ ownerId: participantId.optional(), ...pageInput }),
    output: pageOf(model),
    example: { ownerId: example.modelOwner },
    errors: [],
  }),
} as const;
