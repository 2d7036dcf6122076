import { digestOf } from '@veritrain/client-sdk/vault';
import { expect, it } from 'vitest';
import { testFolder } from '../../../test/support/folder.js';
import { memberContext } from '../testing/memberContext.js';
import { encodeTrainedModel, modelSalt, trainedModelFile, writeTrainedModel } from './trainedModel.js';

const folder = testFolder('trained-model');
const model = {
  schemaVersion: 2 as const,
  coupleId: 'tc_1',
  datasetId: 'ds_1',
  modelId: 'md_1',
  programDigest: digestOf(Buffer.from('program')),
  target: 'y',
  columns: ['x'],
  weights: [0.5],
  intercept: 1,
  rounds: 2,
};

it('attack 53: is hidden by a salt that only its owner has, and opened by who holds the file', () => {
  const { member } = memberContext({ folder: folder() });
  const { market, home } = member;
  const salt = modelSalt(market, 'tc_1');
  expect(modelSalt(market, 'tc_1')).toBe(salt);
  const place = { ...market.place, channel: 'other' };
  const others = [modelSalt(market, 'tc_2'), modelSalt({ keyring: market.keyring, place }, 'tc_1')];
  expect(new Set([salt, ...others]).size).toBe(3);
  const digest = writeTrainedModel(home, { ...model, salt });
  // Whoever guesses the model right, and lacks the salt, sees another digest.
  expect(digestOf(encodeTrainedModel({ ...model, salt: others[0]! }))).not.toBe(digest);
  const kept = trainedModelFile(home, 'tc_1').read()!;
  const exported = JSON.parse(
    JSON.stringify(Object.fromEntries(Object.entries(kept).reverse())),
  ) as typeof kept;
  expect(digestOf(encodeTrainedModel(exported))).toBe(digest);
});
