import { readFileSync } from 'node:fs';
import { encodeTrainedModel, modelSalt } from '@veritrain/member/models';
import { getPublicDocument } from '@veritrain/member/vault';
import type { DatasetView, TrainCouple } from '@veritrain/client-sdk';
import { ownDrawChain } from '@veritrain/client-sdk/keys';
import { draw, drawSeed, type LedgerContext } from '@veritrain/client-sdk/protocol';
import { digestOf } from '@veritrain/client-sdk/vault';
import {
  createModelOwnerTrainer,
  decodeProgram,
  decodeTemplate,
  openPackage,
  trainOnShard,
  type DataPackage,
  type ModelOwnerTrainer,
  type Template,
  type TrainerState,
  type TrainingProgram,
} from '@veritrain/training';
import type { StoryMember } from './storyMarket.js';

/** What a couple comes to when nothing goes wrong: computed here, from its terms and its members' keyrings alone. */
export interface Undisturbed {
  finalModelDigest: string;
  /** Drawn subsets by round. */
  draws: number[][];
}

export interface Parties {
  owner: StoryMember;
  modelOwner: StoryMember;
}

/** What rules, not chance, did to a couple. */
export interface Course {
  /** Attempts that nobody started. */
  expired?: readonly number[];
  /** No subset was settled as agreed: nothing went into the model. */
  nothingAgreed?: boolean;
}

interface Scene extends LedgerContext {
  couple: TrainCouple;
  program: TrainingProgram;
  template: Template;
  trainer: ModelOwnerTrainer;
  packages: DataPackage[];
  salt: string;
}

export async function undisturbed(
  parties: Parties,
  couple: TrainCouple,
  { expired = [], nothingAgreed = false }: Course = {},
): Promise<Undisturbed> {
  const scene = await open(parties, couple);
  const { terms, coupleId } = couple;
  const draws: number[][] = [];
  let state = scene.trainer.initialState();
  let remainder: readonly number[] = [];
  for (let attempt = 1; attempt <= terms.rounds + expired.length; attempt += 1) {
    if (expired.includes(attempt)) continue;
    const model = await scene.trainer.modelForRound(state, attempt);
    const place = { channel: scene.channel, chaincode: scene.chaincode, coupleId };
    const links = {
      dataOwnerLink: ownDrawChain(parties.owner.member.market, 'dataOwner', coupleId, terms).link(attempt),
      modelOwnerLink: ownDrawChain(parties.modelOwner.member.market, 'modelOwner', coupleId, terms).link(
        attempt,
      ),
    };
    const seed = drawSeed({ ...place, attempt, ...links, modelDigest: digestOf(model) });
    const drawn = draw({
      seed,
      subsets: terms.subsets,
      aggregation: terms.aggregation,
      count: terms.subsetsPerRound,
      remainder,
    });
    remainder = drawn.remainder;
    draws.push([...drawn.drawn]);
    state = await oneRound(scene, state, attempt, model, nothingAgreed ? [] : drawn.drawn);
  }
  return { finalModelDigest: digestOfModel(scene, state), draws };
}

async function open({ owner, modelOwner }: Parties, couple: TrainCouple): Promise<Scene> {
  const { market } = modelOwner.member;
  const dataset: DatasetView = await market.datasets.get({ datasetId: couple.datasetId });
  const program = decodeProgram(
    await getPublicDocument(market, { digest: couple.terms.programDigest, ownerId: couple.modelOwnerId }),
  );
  const template = decodeTemplate(
    await getPublicDocument(market, { digest: dataset.templateDigest, ownerId: dataset.ownerId }),
  );
  const secret = market.keyring.coupleSecret(couple.coupleId);
  const home = owner.member.home.dataset(couple.datasetId);
  return {
    ...market.place,
    couple,
    program,
    template,
    trainer: await createModelOwnerTrainer({
      program,
      template,
      secret,
      ...market.place,
      couple: couple.coupleId,
    }),
    packages: template.subsetRows.map((_, index) =>
      openPackage(readFileSync(home.packagePath(index)), { program, template }),
    ),
    salt: modelSalt(market, couple.coupleId),
  };
}

async function oneRound(
  { couple, program, trainer, packages, channel, chaincode }: Scene,
  state: TrainerState,
  attempt: number,
  model: Uint8Array,
  drawn: readonly number[],
): Promise<TrainerState> {
  const heKey = couple.terms.heKeyDigest === null ? new Uint8Array() : trainer.heKey();
  const updates = await Promise.all(
    [...drawn]
      .sort((a, b) => a - b)
      .map(async (subset) => ({
        subset,
        bytes: await trainOnShard({
          package: packages[subset]!,
          program,
          model,
          heKey,
          channel,
          chaincode,
          couple: couple.coupleId,
          attempt,
        }),
      })),
  );
  return (await trainer.applyUpdates(state, attempt, updates)).state;
}

function digestOfModel({ couple, trainer, template, salt }: Scene, state: TrainerState): string {
  const model = encodeTrainedModel({
    schemaVersion: 3,
    coupleId: couple.coupleId,
    datasetId: couple.datasetId,
    modelId: couple.modelId,
    programDigest: couple.terms.programDigest,
    target: template.target,
    columns: [...template.columns],
    ...(template.recipe && { recipe: template.recipe }),
    ...trainer.result(state),
    salt,
  });
  return digestOf(model);
}
