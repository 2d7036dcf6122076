import { z } from 'zod';
import { datasetFields, dataset } from '../dataset.js';
import { datasetId, participantId } from '../ids.js';
import { pageInput, pageOf } from '../primitives.js';
import { subsetIndex } from '../round.js';
import { datasetView, subsetView, trainedModel } from '../views.js';
import { example, exampleDeadlines, exampleDigest } from './examples.js';
import { evaluate, submit } from './specification.js';

export const datasetTransactions = {
  RegisterDataset: submit({
    name: 'RegisterDataset',
    method: 'datasets.register',
    contract: 'DatasetContract',
    who: 'a data owner',
    summary:
      'Offers a dataset: template, subsets × replicas, lifetime rounds, sums only or not, rules for requests and deadlines. The ledger gets no rows.',
    input: z.strictObject(datasetFields),
    output: dataset,
    example: {
      datasetId: example.dataset,
      templateDigest: exampleDigest('1a'),
      subsets: 5,
      replicas: 3,
      lifetimeRounds: 200,
      aggregation: 'perSubset',
      requestRules: {
        mostRounds: 100,
        mostSubsetsPerRound: 3,
        mostIdleMs: 86_400_000,
        protections: ['encrypted'],
      },
      deadlines: exampleDeadlines,
    },
    events: ['DatasetRegistered'],
    errors: [
      'ID_OF_ANOTHER',
      'NOT_REGISTERED',
      'MISSING_ROLE',
      'ROLE_NOT_CERTIFIED',
      'TOO_FEW_REPLICAS',
      'UNFIT_FOR_SUMS',
      'DEADLINE_TOO_SHORT',
      'DEADLINE_TOO_LONG',
      'CONFLICT',
    ],
  }),
  WithdrawDataset: submit({
    name: 'WithdrawDataset',
    method: 'datasets.withdraw',
    contract: 'DatasetContract',
    who: 'the dataset’s owner',
    summary:
      'Takes the dataset off the market: no new hosts, requests or approvals; approved couples continue. ListTrainedModels lists the models trained on it.',
    input: z.strictObject({ datasetId }),
    output: dataset,
    example: { datasetId: example.dataset },
    events: ['DatasetWithdrawn'],
    errors: ['NOT_REGISTERED', 'NOT_FOUND', 'NOT_OWNER'],
  }),
  GetDataset: evaluate({
    name: 'GetDataset',
    method: 'datasets.get',
    contract: 'DatasetContract',
    summary: 'A dataset by id, with its ready subsets and its number of reserved lifetime rounds.',
    input: z.strictObject({ datasetId }),
    output: datasetView,
    example: { datasetId: example.dataset },
    errors: ['NOT_FOUND'],
  }),
  ListDatasets: evaluate({
    name: 'ListDatasets',
    method: 'datasets.list',
    contract: 'DatasetContract',
    summary: 'Datasets, by owner or state.',
    input: z.strictObject({
      ownerId: participantId.optional(),
      state: z.enum(['offered', 'withdrawn']).optional(),
      ...pageInput,
    }),
    output: pageOf(dataset),
    example: { state: 'offered' },
    errors: [],
  }),
  GetSubset: evaluate({
    name: 'GetSubset',
    method: 'datasets.getSubset',
    contract: 'DatasetContract',
    summary: 'A subset with all its slots.',
    input: z.strictObject({ datasetId, subsetIndex }),
    output: subsetView,
    example: { datasetId: example.dataset, subsetIndex: 0 },
    errors: ['NOT_FOUND', 'OUT_OF_RANGE'],
  }),
  ListTrainedModels: evaluate({
    name: 'ListTrainedModels',
    method: 'datasets.listTrainedModels',
    contract: 'DatasetContract',
    summary: 'The models trained on a dataset, by couple.',
    input: z.strictObject({ datasetId, ...pageInput }),
    output: pageOf(trainedModel),
    example: { datasetId: example.dataset },
    errors: ['NOT_FOUND'],
  }),
} as const;
